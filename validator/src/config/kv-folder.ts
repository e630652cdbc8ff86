/**
 * The folder `.kv` in a project: what `kv` keeps there between runs. It lies
 * among files that are not to be trusted, so no link in it is followed.
 */
import {randomUUID} from 'node:crypto';
import {lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

const KV_FOLDER = '.kv';
/** Far more than anything that is kept there. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Writes a file of the folder, whole or not at all; folders are made if need be.
 * @param name relative to `.kv`, with `/`
 * @returns its path
 * @throws Error of the file system, or if something else is in the way
 */
export function writeKvFile(projectFolder: string, name: string, text: string): string {
  const folder = join(projectFolder, KV_FOLDER);
  if (makeFolder(folder)) writeWhole(join(folder, '.gitignore'), '*\n');
  const path = join(folder, name);
  if (dirname(path) !== folder) makeFolder(dirname(path));
  writeWhole(path, text);
  return path;
}

/**
 * @returns its text; undefined if there is no such file, or it is no regular one
 * @throws Error of the file system
 */
export function readKvFile(projectFolder: string, name: string): string | undefined {
  const folder = join(projectFolder, KV_FOLDER);
  const path = join(folder, name);
  const isFolder = lstatSync(folder, {throwIfNoEntry: false})?.isDirectory() === true;
  const stats = isFolder ? lstatSync(path, {throwIfNoEntry: false}) : undefined;
  if (stats?.isFile() !== true || stats.size > FILE_BYTES_MAX) return undefined;
  return readFileSync(path, 'utf8');
}

/** @returns whether it was not there before */
function makeFolder(path: string): boolean {
  const stats = lstatSync(path, {throwIfNoEntry: false});
  if (stats === undefined) {
    mkdirSync(path);
    return true;
  }
  if (!stats.isDirectory()) throw new Error(`${path} is in the way: it is not a folder`);
  return false;
}

/**
 * By way of a new file: a link in the file's place is replaced, nobody sees half
 * of it, and nothing that somebody has put there (a FIFO, say) is opened.
 */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text, {flag: 'wx'});
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw error;
  }
}
