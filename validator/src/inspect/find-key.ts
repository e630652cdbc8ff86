/**
 * The life of one key in the files of a data folder: each place that knows it,
 * the newest first, and which of them counts.
 */
import {mayHave} from '../formats/bloom-file.ts';
import type {FileRecord} from '../formats/file-record.ts';
import type {KeyRange} from '../formats/manifest-file.ts';
import {contentOf, type Kind, kindOfBytes, kindOfName} from './content.ts';
import {keyRecords} from './key-records.ts';
import {filterPathOf, type Layout, numberIn, readLayout} from './layout.ts';
import {readTarget, type Target} from './open-target.ts';

/** A file, and what it knows of the key. */
export interface Place {
  readonly path: string;
  /**
   * `log`, `L0`, `L1`, …; `list` for a MANIFEST that could not be read; `unlisted`
   * for what no read comes to; `file` if it was named itself.
   */
  readonly part: string;
  /** Undefined: nothing. */
  readonly record: FileRecord | undefined;
  /** False: it could not be read, or was not to be, and the remark says why. */
  readonly isRead: boolean;
  /** Why it need not be read, or why a server that goes by the rules would not find the record. */
  readonly remarks: readonly string[];
  /** How many more records of the key the file has, older than this one and left out. */
  readonly olderCount: number;
}

export interface Found {
  readonly name: string;
  readonly key: string;
  /** The newest first. */
  readonly places: readonly Place[];
  /**
   * The index in `places` of the record that counts, as far as the files were read;
   * undefined if there is none.
   */
  readonly winner: number | undefined;
  /**
   * The index in `places` of the first file that may have a record that counts
   * more, and was not read: then it cannot be told what the key is.
   */
  readonly unread: number | undefined;
}

interface Source {
  readonly path: string;
  readonly part: string;
  readonly range?: KeyRange | undefined;
  /** Why it is not even tried to be read. */
  readonly unread?: string;
}

export async function findKey(target: Target, key: string): Promise<Found> {
  const sources = await sourcesOf(target);
  const places: Place[] = [];
  let winner: number | undefined;
  let unread: number | undefined;
  for (const source of sources) {
    const mayCount = source.part !== 'unlisted' && isInRange(source.range, key);
    for (const place of await placesIn(target, source, key)) {
      if (place.record !== undefined && source.part !== 'unlisted') winner ??= places.length;
      if (!place.isRead && mayCount && winner === undefined) unread ??= places.length;
      places.push(place);
    }
  }
  return {name: target.name, key, places, winner, unread};
}

/** Whether the record of a place is the one that counts, is behind it, or is where no read comes to. */
export function weightOf({places, winner}: Found, index: number): 'counts' | 'hidden' | 'unlisted' {
  if (index === winner) return 'counts';
  return places[index]?.part === 'unlisted' ? 'unlisted' : 'hidden';
}

/** What a read asks, in its order; then what it does not. */
async function sourcesOf(target: Target): Promise<Source[]> {
  if (target.file !== undefined) return [{path: target.file, part: 'file'}];
  const layout = await readLayout(target);
  const {logs, unlisted, unreadManifest} = layout;
  const first = layout.manifest?.walFirst ?? 0;
  const live = logs.filter((path) => numberIn(path) >= first);
  const dead = logs.filter((path) => numberIn(path) < first);
  return [
    ...live.toReversed().map((path) => ({path, part: 'log'})),
    ...(unreadManifest === undefined ? [] : [{...unreadManifest, part: 'list'}]),
    ...tableSources(layout),
    ...[...dead, ...unlisted].map((path) => ({path, part: 'unlisted'})),
  ];
}

function tableSources({listed}: Layout): Source[] {
  const sources = listed.map(({path, name, level, range}) => {
    const missing = path === undefined ? {unread: 'listed in MANIFEST, and not there'} : {};
    return {path: path ?? name, part: `L${level}`, level, range, ...missing};
  });
  const l0 = sources.filter(({level}) => level === 0);
  return [...l0.toReversed(), ...sources.filter(({level}) => level > 0)];
}

async function placesIn(target: Target, source: Source, key: string): Promise<Place[]> {
  const {path, part, range} = source;
  const {kindOf = kindOfName} = target;
  const place = {path, part, record: undefined, isRead: true, remarks: [], olderCount: 0};
  const outOfRange = isInRange(range, key)
    ? []
    : [`it is listed with the keys ${range?.first} to ${range?.last}`];
  const bytes = source.unread ?? (await readTarget(target, path));
  if (typeof bytes === 'string')
    return [{...place, isRead: false, remarks: [bytes, ...outOfRange]}];

  const kind = kindOf(path) ?? kindOfBytes(bytes);
  const denied = await filterRemarks(target, path, kind, key);
  const {records, olderCount, unread, ...rest} = keyRecords(kind, bytes, key);
  const places: Place[] = records.map(({record, doubts}, index) => ({
    ...place,
    record,
    remarks: [...outOfRange, ...denied, ...doubts],
    olderCount: index === records.length - 1 ? olderCount : 0,
  }));
  // What is behind the end of what was read would be newer.
  if (unread !== undefined) return [{...place, isRead: false, remarks: [unread]}, ...places];
  if (places.length > 0) return places;
  // What the range excludes, no filter is asked for.
  const unasked = outOfRange.length > 0 ? outOfRange : denied;
  return [{...place, remarks: [...unasked, ...rest.remarks]}];
}

function isInRange(range: KeyRange | undefined, key: string): boolean {
  return range === undefined || (range.first <= key && key <= range.last);
}

async function filterRemarks(
  target: Target,
  path: string,
  kind: Kind | undefined,
  key: string,
): Promise<string[]> {
  if (kind !== 'block-table') return [];
  const bytes = await readTarget(target, filterPathOf(path));
  if (typeof bytes === 'string') return [];
  const content = contentOf('filter', bytes);
  if (content.kind !== 'filter') return [];
  return [
    mayHave(content.filter, key) ? 'its filter lets the key through' : 'its filter denies the key',
  ];
}
