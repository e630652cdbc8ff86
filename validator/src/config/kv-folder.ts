/**
 * The folder `.kv` in a project: what `kv` keeps there between runs. It lies
 * among files that are not to be trusted, so no link in it is followed.
 */
import {
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';

export const KV_FOLDER = '.kv';

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

/** By way of a new file: a link in the file's place is replaced, and nobody sees half of it. */
function writeWhole(path: string, text: string): void {
  const {O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW} = constants;
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}
