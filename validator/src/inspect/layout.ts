/** Which files of a data folder count, and in which order: by their names and MANIFEST alone. */
import type {DataFile} from '../checks/data-files.ts';
import {type KeyRange, type ManifestFile, readManifestFile} from '../formats/manifest-file.ts';
import {type Kind, kindOfName} from './content.ts';
import {listTarget, readTarget, type Target} from './open-target.ts';
import type {FileSummary} from './summaries.ts';

export interface Layout {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly DataFile[];
  /** The latest week whose formats are here; undefined if there are none. */
  readonly week: number | undefined;
  /** The one that counts. */
  readonly manifest: (FileSummary & ManifestFile) | undefined;
  /** The one that should count, and could not be read, or not to its end. */
  readonly unreadManifest: Unread | undefined;
  /** In the order of a replay; also what is no regular file. */
  readonly logs: readonly string[];
  /** As listed: L0 first, from the oldest to the newest; below it by key. */
  readonly listed: readonly ListedPath[];
  /** SSTables that MANIFEST does not list. */
  readonly unlisted: readonly string[];
}

export interface ListedPath {
  readonly level: number;
  /** As it is listed. */
  readonly name: string;
  readonly range: KeyRange | undefined;
  /** In the data folder; undefined if it is not there. It may be no regular file. */
  readonly path: string | undefined;
}

interface Unread {
  readonly path: string;
  /** Why. */
  readonly unread: string;
}

/** @throws UsageError if the folder, or its MANIFEST, cannot be read */
export async function readLayout(target: Target): Promise<Layout> {
  const files = await listTarget(target);
  const paths = files.map(({path}) => path);
  const regular = files.filter(({isRegular}) => isRegular).map(({path}) => path);
  const {kindOf = kindByPlace} = target;
  const manifests = paths.filter((path) => kindOf(path) === 'manifest');
  const {manifest, unreadManifest} = await readNewestManifest(target, manifests);
  const tables = paths.filter((path) => isTable(kindOf(path)));
  const listed = (manifest?.tables ?? []).map(({level, name, range}) => {
    // A name is listed with or without its folder; in a layout of one's own, that may be any.
    const candidates = [`l${level}/${name}`, name];
    const path =
      tables.find((each) => candidates.includes(each)) ??
      (target.kindOf && tables.find((each) => fileName(each) === fileName(name)));
    return {level, name, range, path};
  });
  return {
    name: target.name,
    folder: target.folder,
    files,
    week: weekOf(regular),
    manifest,
    unreadManifest,
    logs: paths.filter((path) => kindOf(path) === 'log').sort(byNumber),
    listed,
    unlisted: tables.filter(
      (path) => regular.includes(path) && !listed.some((each) => each.path === path),
    ),
  };
}

/** By its name; but MANIFEST is one only at the root. */
export function kindByPlace(path: string): Kind | undefined {
  const kind = kindOfName(path);
  return kind === 'manifest' && !isManifest(path) ? undefined : kind;
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** MANIFEST, or the one with the highest number. */
async function readNewestManifest(
  target: Target,
  manifests: readonly string[],
): Promise<Pick<Layout, 'manifest' | 'unreadManifest'>> {
  const path = manifests.toSorted(byNumber).at(-1);
  if (path === undefined) return {manifest: undefined, unreadManifest: undefined};
  const bytes = await readTarget(target, path);
  if (typeof bytes === 'string') {
    return {manifest: undefined, unreadManifest: {path, unread: bytes}};
  }
  const file = readManifestFile(bytes);
  const limit = file.problems.find(({rule}) => rule === 'read-limit');
  return {
    manifest: {path, sizeBytes: bytes.length, ...file},
    unreadManifest: limit && {path, unread: limit.message},
  };
}

export function isManifest(path: string): boolean {
  return /^MANIFEST(-[0-9]+)?$/.test(path);
}

function isTable(kind: Kind | undefined): boolean {
  return kind === 'json-table' || kind === 'block-table';
}

export function filterPathOf(tablePath: string): string {
  return tablePath.replace(/\.sst$/, '.bloom');
}

/** The last number in a path; 0 if there is none. */
export function numberIn(path: string): number {
  return Number(/([0-9]+)[^0-9]*$/.exec(path)?.[1] ?? 0);
}

function byNumber(a: string, b: string): number {
  return numberIn(a) - numberIn(b);
}

function weekOf(paths: readonly string[]): number | undefined {
  const signs: [week: number, sign: RegExp][] = [
    [8, /^(MANIFEST-|wal-)[0-9]+/],
    [7, /\.bloom$/],
    [6, /\.sst$/],
    [5, /^l[0-9]+\//],
    [3, /^wal\.db$/],
    [2, /^(MANIFEST|sst-[0-9]+\.json)$/],
  ];
  return signs.find(([, sign]) => paths.some((path) => sign.test(path)))?.[0];
}
