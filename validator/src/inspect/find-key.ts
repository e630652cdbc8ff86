/**
 * The life of one key in the files of a data folder: each place that knows it,
 * the newest first, and which of them counts.
 */
import {mayHave} from '../formats/bloom-file.ts';
import type {FileRecord} from '../formats/file-record.ts';
import type {KeyRange} from '../formats/manifest-file.ts';
import {isVariable} from '../formats/variable-table.ts';
import {type Content, contentOf, type Kind, kindOfBytes, kindOfName} from './content.ts';
import {filterPathOf, type Layout, numberIn, readLayout} from './layout.ts';
import {readTarget, type Target} from './open-target.ts';

/** A file, and what it knows of the key. */
export interface Place {
  readonly path: string;
  /** `log`, `L0`, `L1`, …; `unlisted` for what no read comes to; `file` if it was named itself. */
  readonly part: string;
  /** Undefined: nothing. */
  readonly record: FileRecord | undefined;
  /** False: it could not be read, or was not to be, and the remark says why. */
  readonly isRead: boolean;
  /** Why it need not be read, or why a server that goes by the rules would not find the record. */
  readonly remarks: readonly string[];
}

export interface Found {
  readonly name: string;
  readonly key: string;
  /** The newest first. */
  readonly places: readonly Place[];
  /** The index in `places` of the record that counts; undefined if there is none. */
  readonly winner: number | undefined;
}

interface Source {
  readonly path: string;
  readonly part: string;
  readonly range?: KeyRange | undefined;
}

export async function findKey(target: Target, key: string): Promise<Found> {
  const sources = await sourcesOf(target);
  const places: Place[] = [];
  for (const source of sources) places.push(...(await placesIn(target, source, key)));
  const winner = places.findIndex(({part, record}) => part !== 'unlisted' && record !== undefined);
  return {name: target.name, key, places, winner: winner === -1 ? undefined : winner};
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
  const {logs, unlisted} = layout;
  const first = layout.manifest?.walFirst ?? 0;
  const live = logs.filter((path) => numberIn(path) >= first);
  const dead = logs.filter((path) => numberIn(path) < first);
  return [
    ...live.toReversed().map((path) => ({path, part: 'log'})),
    ...tableSources(layout),
    ...[...dead, ...unlisted].map((path) => ({path, part: 'unlisted'})),
  ];
}

function tableSources({listed}: Layout): Source[] {
  const there = listed.flatMap(({path, level, range}) =>
    path === undefined ? [] : [{path, part: `L${level}`, level, range}],
  );
  const l0 = there.filter(({level}) => level === 0);
  return [...l0.toReversed(), ...there.filter(({level}) => level > 0)];
}

async function placesIn(target: Target, source: Source, key: string): Promise<Place[]> {
  const {path, part, range} = source;
  const {kindOf = kindOfName} = target;
  const bytes = await readTarget(target, path);
  if (typeof bytes === 'string') {
    return [{path, part, record: undefined, isRead: false, remarks: [bytes]}];
  }
  const kind = kindOf(path) ?? kindOfBytes(bytes);
  const denied = await filterRemarks(target, path, kind, key);
  const isWorthIt = kind === 'log' || mayHold(bytes, key);
  const content = kind && isWorthIt ? contentOf(kind, bytes) : undefined;
  const records = recordsOf(content).filter((record) => record.key === key);
  const outOfRange = rangeRemarks(range, key);
  if (records.length === 0) {
    // What the range excludes, no filter is asked for.
    const unasked = outOfRange.length > 0 ? outOfRange : denied;
    const remarks = [...unasked, ...tailRemarks(content, bytes)];
    return [{path, part, record: undefined, isRead: true, remarks}];
  }
  return records.toReversed().map((record) => {
    const remarks = [...outOfRange, ...denied, ...damageRemarks(content, record)];
    return {path, part, record, isRead: true, remarks};
  });
}

/** The keys of the contract: no form of file needs an escape for them. */
const PLAIN_KEY = /^[a-z0-9_]+$/;

/**
 * Whether it is worth to parse a file, which takes a hundred times as long: a key
 * stands there as it is, unless JSON has escapes, or a block is compressed.
 */
function mayHold(bytes: Buffer, key: string): boolean {
  if (!PLAIN_KEY.test(key) || isVariable(bytes)) return true;
  return bytes.includes(key) || bytes.includes('\\u');
}

function recordsOf(content: Content | undefined): readonly FileRecord[] {
  if (content?.kind === 'log') return content.log.records;
  return content?.kind === 'table' ? content.records : [];
}

function rangeRemarks(range: KeyRange | undefined, key: string): string[] {
  if (range === undefined || (range.first <= key && key <= range.last)) return [];
  return [`it is listed with the keys ${range.first} to ${range.last}`];
}

/** A replay stops at the first record that is not valid, and so does the reader. */
function tailRemarks(content: Content | undefined, {length}: Buffer): string[] {
  if (content?.kind !== 'log' || content.log.validBytes === length) return [];
  return [`only its first ${content.log.validBytes} of ${length} bytes are valid records`];
}

/** A checksum that does not match: the record may not be what was written. */
function damageRemarks(content: Content | undefined, {offset}: FileRecord): string[] {
  if (content?.kind !== 'table') return [];
  const {blocks = []} = content.blockTable ?? content.variableTable ?? {};
  const block = blocks.findLast((each) => each.offset <= offset);
  return block?.checksum === 'wrong' ? ['the checksum of its block is wrong'] : [];
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
