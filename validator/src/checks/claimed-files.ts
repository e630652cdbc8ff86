/** The files of the formats that a project claims, found by the globs of its kv.yaml. */
import {claimedFiles} from '../config/file-claims.ts';
import type {FileFormat} from '../config/settings.ts';
import {GraderError} from '../errors.ts';
import type {CheckContext} from './check.ts';
import {matchDataFiles, readDataFile} from './data-files.ts';
import {
  broken,
  MANIFEST_RULE,
  parseManifest,
  parseSSTable,
  type TableEntry,
} from './series-files.ts';

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
export async function readSSTables(context: CheckContext): Promise<Map<string, TableEntry[]>> {
  const {dataDir} = context.server.control;
  const tables = new Map<string, TableEntry[]>();
  for (const path of await matchDataFiles(dataDir, claimedGlob(context, 'sstable'))) {
    tables.set(fileName(path), parseSSTable(path, await readDataFile(dataDir, path)));
  }
  return tables;
}

/** The names that MANIFEST lists, oldest first. REQUIRES: the server is down. */
export async function readManifest(context: CheckContext): Promise<string[]> {
  const {dataDir} = context.server.control;
  const path = await onlyFile(context, 'manifest', MANIFEST_RULE);
  return parseManifest(path, await readDataFile(dataDir, path)).map(fileName);
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

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
