/** The files of the formats that a project claims, found by the globs of its kv.yaml. */

import {claimedFiles} from '../config/file-claims.ts';
import type {FileFormat} from '../config/settings.ts';
import {GraderError} from '../errors.ts';
import type {FileRecord} from '../formats/file-record.ts';
import {readJsonTable} from '../formats/json-table.ts';
import {readLog} from '../formats/log-file.ts';
import {readManifestFile} from '../formats/manifest-file.ts';
import {RULES} from '../formats/problem.ts';
import {baseName} from './base-name.ts';
import {broken, throwProblem} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {matchDataFiles, readDataFile} from './data-files.ts';

/** What a file says, in its order. */
export type FileRecords = readonly FileRecord[];

/** The glob of a claimed format; the series' own for one that `--require` demands unclaimed. */
export function claimedGlob(
  {environment, week}: Pick<CheckContext, 'environment' | 'week'>,
  format: FileFormat,
): string {
  const glob = environment.files.get(format) ?? claimedFiles('series', week).get(format);
  if (glob === undefined) throw new GraderError(`week ${week} has no format ${format}`);
  return glob;
}

/** The entries of each SSTable, by the name of its file. REQUIRES: the server is down. */
export async function readSSTables(context: CheckContext): Promise<Map<string, FileRecords>> {
  const {dataDir} = context.server.control;
  const tables = new Map<string, FileRecords>();
  for (const path of await matchDataFiles(dataDir, claimedGlob(context, 'sstable'))) {
    const bytes = await readDataFile(dataDir, path);
    const {records, problems} = readJsonTable(bytes);
    throwProblem(path, bytes, problems);
    tables.set(baseName(path), records);
  }
  return tables;
}

/** The names that MANIFEST lists, oldest first. REQUIRES: the server is down. */
export async function readManifest(context: CheckContext): Promise<string[]> {
  const path = await onlyFile(context, 'manifest', RULES['manifest-line']);
  const bytes = await readDataFile(context.server.control.dataDir, path);
  const {form, tables, problems} = readManifestFile(bytes);
  throwProblem(path, bytes, problems);
  if (form === 'list') return tables.map(({name}) => baseName(name));
  throw broken(path, 'it has sections', RULES['manifest-line']);
}

export interface Log {
  /** In the data folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Oldest first. */
  readonly records: FileRecords;
}

/** REQUIRES: the server is down. @throws CheckFailure at the first record that is none */
export async function readLogFile(context: CheckContext): Promise<Log> {
  const path = await onlyFile(context, 'wal', RULES['log-record']);
  const bytes = await readDataFile(context.server.control.dataDir, path);
  const {records, problems} = readLog(bytes);
  throwProblem(path, bytes, problems);
  return {path, bytes, records};
}

/** The path of a format that has one file. @throws CheckFailure unless there is exactly one */
export async function onlyFile(
  context: CheckContext,
  name: FileFormat,
  rule: string,
): Promise<string> {
  const glob = claimedGlob(context, name);
  const paths = await matchDataFiles(context.server.control.dataDir, glob);
  const [path] = paths;
  if (path === undefined) throw broken(glob, 'there is no such file', rule);
  if (paths.length > 1) throw broken(glob, `it matches ${paths.length} files, not one`, rule);
  return path;
}
