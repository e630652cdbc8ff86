/** The SSTables of a stopped server with levels, as MANIFEST lists them, and what must hold for them. */

import type {FileRecord} from '../formats/file-record.ts';
import {readJsonTable} from '../formats/json-table.ts';
import {
  type KeyRange,
  type ListedTable,
  type ManifestFile,
  readManifestFile,
} from '../formats/manifest-file.ts';
import {RULES} from '../formats/problem.ts';
import {baseName} from './base-name.ts';
import {broken, throwProblem} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob, onlyFile} from './claimed-files.ts';
import {matchDataFiles, readDataFile} from './data-files.ts';

export interface LevelTable {
  readonly level: number;
  /** In the data folder. */
  readonly path: string;
  /** As MANIFEST has it, from L1 on. */
  readonly range: KeyRange | undefined;
  /** Ascending. */
  readonly records: readonly FileRecord[];
}

export interface LevelFiles {
  readonly levelCount: number;
  /** L0 first, from the oldest to the newest; then each lower level by key. */
  readonly tables: readonly LevelTable[];
}

const LISTED_RULE = 'MANIFEST lists exactly the SSTables that there are, each in its level.';
const RANGE_RULE =
  'A line of L1 has the exact first and last key of its file, or, half-open, a second key that is the first one not to belong to it. The ranges do not overlap.';

export interface LevelList {
  readonly path: string;
  readonly manifest: ManifestFile;
}

/** REQUIRES: the server is down. @throws CheckFailure if MANIFEST breaks a rule of its format */
export async function readLevelList(context: CheckContext): Promise<LevelList> {
  const path = await onlyFile(context, 'manifest', RULES['manifest-sections']);
  const bytes = await readDataFile(context.server.control.dataDir, path);
  const manifest = readManifestFile(bytes);
  throwProblem(path, bytes, manifest.problems);
  if (manifest.form === 'levels') return {path, manifest};
  throw broken(path, 'it has no section [L0]', RULES['manifest-sections']);
}

/**
 * The SSTables of all levels; others that are there are not read.
 * REQUIRES: the server is down. @throws CheckFailure if a file breaks a rule of its format
 */
export async function readLevels(context: CheckContext, list: LevelList): Promise<LevelFiles> {
  const {dataDir} = context.server.control;
  const present = await matchDataFiles(dataDir, claimedGlob(context, 'sstable'));
  const tables: LevelTable[] = [];
  for (const listed of list.manifest.tables) {
    const path = pathOf(listed, present, list.path);
    const bytes = await readDataFile(dataDir, path);
    const {records, problems} = readJsonTable(bytes);
    throwProblem(path, bytes, problems);
    tables.push({level: listed.level, path, range: listed.range, records});
  }
  checkIds(tables);
  return {levelCount: list.manifest.levelCount, tables};
}

/** After a clean stop no file is left over. */
export async function checkAllListed(
  context: CheckContext,
  list: LevelList,
  {tables}: LevelFiles,
): Promise<void> {
  const glob = claimedGlob(context, 'sstable');
  const present = await matchDataFiles(context.server.control.dataDir, glob);
  const unlisted = present.find((path) => tables.every((table) => table.path !== path));
  if (unlisted === undefined) return;
  throw broken(list.path, `it does not list ${unlisted}, which is there`, LISTED_RULE);
}

/** Its name may be listed with or without its folder. */
function pathOf({name, level}: ListedTable, present: readonly string[], manifest: string): string {
  const base = baseName(name);
  const candidates = present.filter((path) => baseName(path) === base);
  const path = candidates.find((each) => levelOf(each) === level) ?? candidates[0];
  if (path === undefined) {
    throw broken(manifest, `it lists ${name} in L${level}, which is not there`, LISTED_RULE);
  }
  // Folders of a project's own need not tell the level.
  if (levelOf(path) === level || levelOf(path) === undefined) return path;
  throw broken(manifest, `it lists ${name} in L${level}, but it is at ${path}`, LISTED_RULE);
}

/** The level that the folder of a path stands for, if it is named as in the series. */
function levelOf(path: string): number | undefined {
  const digits = /(?:^|\/)l([0-9]+)\/[^/]*$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function checkIds(tables: readonly LevelTable[]): void {
  const paths = new Map<string, string>();
  for (const {path} of tables) {
    const other = paths.get(baseName(path));
    if (other !== undefined) {
      throw broken(path, `there is ${other} too`, 'Ids are unique across all levels.');
    }
    paths.set(baseName(path), path);
  }
}

/** Below L0: ranges as they are in the files, exact or half-open, none of them overlapping. */
export function checkRanges({tables}: LevelFiles): void {
  const ranged = tables.filter(({level}) => level > 0);
  const isHalfOpen = ranged.every(isWithinHalfOpen) && !ranged.every(isExact);
  for (const [index, table] of ranged.entries()) {
    const {path, level, records, range} = table;
    if (!isHalfOpen && !isExact(table)) {
      const problem = `it has the keys from ${records[0]?.key} to ${records.at(-1)?.key}, and MANIFEST says ${range?.first}-${range?.last}`;
      throw broken(path, problem, RANGE_RULE);
    }
    const before = ranged[index - 1];
    if (before === undefined || before.level !== level) continue;
    const [last, first] = [before.records.at(-1)?.key ?? '', records[0]?.key ?? ''];
    if (last < first) continue;
    throw broken(path, `it begins with ${first}, and ${before.path} ends with ${last}`, RANGE_RULE);
  }
}

function isExact({records, range}: LevelTable): boolean {
  return range?.first === records[0]?.key && range?.last === records.at(-1)?.key;
}

/** The second key of the range is behind all keys of the file. */
function isWithinHalfOpen({records, range}: LevelTable): boolean {
  const [first, last] = [records[0]?.key, records.at(-1)?.key];
  if (range === undefined || first === undefined || last === undefined) return false;
  return range.first <= first && last < range.last;
}
