/** The block SSTables of a stopped server, and the MANIFEST that lists them. */
import {type BlockTable, readBlockTable} from '../formats/block-table.ts';
import type {FileRecord} from '../formats/file-record.ts';
import {type ManifestFile, readManifestFile} from '../formats/manifest-file.ts';
import {RULES} from '../formats/problem.ts';
import {broken, throwProblem} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob} from './claimed-files.ts';
import {matchDataFiles, readDataFile} from './data-files.ts';

export interface TableFile {
  /** In the data folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly table: BlockTable;
}

/** All that are there, listed or not. REQUIRES: the server is down. */
export async function readTableFiles(context: CheckContext): Promise<TableFile[]> {
  const {dataDir} = context.server.control;
  const files: TableFile[] = [];
  for (const path of await matchDataFiles(dataDir, claimedGlob(context, 'sstable'))) {
    files.push(await readTableFile(dataDir, path));
  }
  return files;
}

/** REQUIRES: the server is down. */
export async function readTableFile(dataDir: string, path: string): Promise<TableFile> {
  const bytes = await readDataFile(dataDir, path);
  return {path, bytes, table: readBlockTable(bytes)};
}

export function recordsOf({table}: TableFile): FileRecord[] {
  return table.blocks.flatMap(({records}) => records);
}

/** @throws CheckFailure if it breaks a rule of its format */
export function checkTableFile({path, bytes, table}: TableFile): void {
  throwProblem(path, bytes, table.problems);
}

export interface Listing {
  readonly path: string;
  readonly manifest: ManifestFile;
}

/**
 * MANIFEST; of several, the one with the highest number.
 * REQUIRES: the server is down. @throws CheckFailure if there is none, or it breaks a rule of its format
 */
export async function readListing(context: CheckContext): Promise<Listing> {
  const {dataDir} = context.server.control;
  const glob = claimedGlob(context, 'manifest');
  const paths = await matchDataFiles(dataDir, glob);
  const path = paths.sort((a, b) => numberIn(a) - numberIn(b)).at(-1);
  if (path === undefined) throw broken(glob, 'there is no such file', RULES['manifest-sections']);
  const bytes = await readDataFile(dataDir, path);
  const manifest = readManifestFile(bytes);
  throwProblem(path, bytes, manifest.problems);
  return {path, manifest};
}

/** The number at the end of a path; 0 if there is none. */
function numberIn(path: string): number {
  return Number(/([0-9]+)$/.exec(path)?.[1] ?? 0);
}
