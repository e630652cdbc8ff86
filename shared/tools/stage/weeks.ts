/** The weeks as they are in the working tree, or were in a commit. */
import {isUtf8} from 'node:buffer';
import {lstat, mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {$} from 'zx/core';
import {UsageError} from '../tool.ts';

export interface Week {
  /** The folder's name in weeks/. */
  readonly folder: string;
  /** By path inside the folder. */
  readonly files: ReadonlyMap<string, WeekFile>;
}

export interface WeekFile {
  /** The content; of a binary file, each byte as one character. */
  readonly text: string;
  readonly isBinary: boolean;
  /** Not a symbolic link, not executable: these would show up in a diff. */
  readonly isPlain: boolean;
}

/** Names of the folders in weeks/, in order. */
export async function weekFolders(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'weeks'), {withFileTypes: true});
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return folders.map((entry) => entry.name).sort();
}

/**
 * The folder that a person means by `3`, `03`, `03-name` or `weeks/03-name/`.
 * @throws UsageError that names the weeks there are
 */
export function findWeekFolder(folders: readonly string[], text: string): string {
  const name = text.replace(/^(\.\/)?weeks\//, '').replace(/\/+$/, '');
  const found = folders.find((folder) => {
    return folder === name || (/^\d+$/.test(name) && Number(folder.split('-')[0]) === Number(name));
  });
  if (found !== undefined) return found;
  throw new UsageError(`no week ${JSON.stringify(text)}; there are: ${folders.join(', ')}`);
}

/**
 * Reads a week from the working tree: what a commit of everything would hold.
 * @throws UsageError if the working tree is none of git's
 */
export async function readWeek(root: string, folder: string): Promise<Week> {
  const path = join(root, 'weeks', folder);
  const git = $({cwd: path, nothrow: true, quiet: true});
  const list = await git`git ls-files -z --cached --others --exclude-standard`;
  if (list.exitCode !== 0) {
    throw new UsageError(`git cannot list the files of weeks/${folder}:\n${list.stderr.trim()}`);
  }
  return {folder, files: await readFiles(path, list.stdout.split('\0'))};
}

/**
 * Reads a week as it was in a commit; a week that did not exist then has no files.
 * @throws UsageError if `revision` is none
 */
export async function readWeekAt(root: string, revision: string, folder: string): Promise<Week> {
  const path = `weeks/${folder}`;
  const tree = await $({cwd: root, nothrow: true, quiet: true})`git ls-tree ${revision} ${path}`;
  if (tree.exitCode !== 0) throw new UsageError(`git knows no revision ${revision}`);
  if (tree.stdout === '') return {folder, files: new Map()};

  const copy = await mkdtemp(join(tmpdir(), 'kv-week-'));
  try {
    await $({cwd: root})`git archive ${revision} -- ${path} | tar -x -C ${copy}`;
    const entries = await readdir(join(copy, path), {recursive: true, withFileTypes: true});
    const names = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(join(copy, path), join(entry.parentPath, entry.name)));
    return {folder, files: await readFiles(join(copy, path), names)};
  } finally {
    await rm(copy, {recursive: true, force: true});
  }
}

async function readFiles(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, WeekFile>> {
  const files = new Map<string, WeekFile>();
  for (const name of names.filter((each) => each !== '').toSorted()) {
    const file = await readWeekFile(join(folder, name));
    if (file !== undefined) files.set(name, file);
  }
  return files;
}

/** Undefined if it is not there: git lists files that were deleted without its knowledge. */
async function readWeekFile(path: string): Promise<WeekFile | undefined> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (stats === undefined) return undefined;
  const isPlain = stats.isFile() && (stats.mode & 0o111) === 0;
  if (!stats.isFile()) return {text: '', isBinary: false, isPlain};
  const bytes = await readFile(path);
  const isBinary = bytes.includes(0) || !isUtf8(bytes);
  return {text: bytes.toString(isBinary ? 'latin1' : 'utf8'), isBinary, isPlain};
}
