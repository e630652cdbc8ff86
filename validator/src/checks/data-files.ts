/**
 * Looks into a student's data folder without trusting it: no symbolic link or
 * FIFO is followed or opened, and what is read is bounded in number, depth and
 * size. Only used while the server is down.
 */
import {constants} from 'node:fs';
import {type FileHandle, open, readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {CheckFailure} from './failure.ts';

const DEPTH_MAX = 4;
const FILES_MAX = 10_000;
/** Far more than 2,000 entries of 64 KiB values would need in practice, and still safe to hold. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

export interface DataFile {
  /** Relative to the data folder, with `/`. */
  readonly path: string;
  readonly isRegular: boolean;
}

/** Everything in the folder that is not a folder itself, sorted by path. */
export async function listDataFiles(dataDir: string): Promise<DataFile[]> {
  const files: DataFile[] = [];
  const pending = [{path: '', depth: 0}];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await readdir(join(dataDir, folder.path), {withFileTypes: true})) {
      const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
      if (!entry.isDirectory()) files.push({path, isRegular: entry.isFile()});
      else if (folder.depth < DEPTH_MAX) pending.push({path, depth: folder.depth + 1});
      if (files.length > FILES_MAX)
        throw tooMuch(`more than ${FILES_MAX} files in the data folder`);
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The files whose path matches a glob of kv.yaml. @throws CheckFailure if one is not a regular file */
export async function matchDataFiles(dataDir: string, glob: string): Promise<string[]> {
  const pattern = globPattern(glob);
  const matching = (await listDataFiles(dataDir)).filter((file) => pattern.test(file.path));
  for (const {path, isRegular} of matching) {
    if (!isRegular) throw tooMuch(`${path} is not a regular file, so it is not opened`);
  }
  return matching.map((file) => file.path);
}

/** @throws CheckFailure if it is missing, no regular file, or too large to be read */
export async function readDataFile(
  dataDir: string,
  path: string,
  bytesMax = FILE_BYTES_MAX,
): Promise<Buffer> {
  const file = await openRegular(dataDir, path, constants.O_RDONLY);
  try {
    const {size} = await file.stat();
    if (size > bytesMax) throw tooMuch(`${path} has ${size} bytes, too many to be read`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Appends to a file that is there. */
export async function appendToDataFile(dataDir: string, path: string, text: string): Promise<void> {
  const file = await openRegular(dataDir, path, constants.O_WRONLY | constants.O_APPEND);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** Cuts a file that is there to its first `sizeBytes` bytes. */
export async function cutDataFile(dataDir: string, path: string, sizeBytes: number): Promise<void> {
  const file = await openRegular(dataDir, path, constants.O_WRONLY);
  try {
    await file.truncate(sizeBytes);
  } finally {
    await file.close();
  }
}

/** Replaces the content of a file that is there. */
export async function writeDataFile(
  dataDir: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const file = await openRegular(dataDir, path, constants.O_WRONLY | constants.O_TRUNC);
  try {
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

/** Creates a file. REQUIRES: its folder is there, and the file is not. */
export async function createDataFile(
  dataDir: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  await writeFile(join(dataDir, path), bytes, {flag: 'wx'});
}

/** Removes a file, if it is there. */
export async function removeDataFile(dataDir: string, path: string): Promise<void> {
  await rm(join(dataDir, path), {force: true});
}

async function openRegular(dataDir: string, path: string, flags: number): Promise<FileHandle> {
  let file: FileHandle;
  try {
    // O_NONBLOCK: opening a FIFO must not wait for its other end.
    file = await open(join(dataDir, path), flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    throw tooMuch(
      `${path} cannot be opened: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw tooMuch(`${path} is not a regular file, so it is not opened`);
}

function tooMuch(summary: string): CheckFailure {
  return new CheckFailure({summary, invariant: 'The files of a claimed format are regular files.'});
}

/** `*` and `?` match within a name, `**` across folders; everything else stands for itself. */
export function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/?|[*?]|[^*?]+/g, (part) => {
    if (part.startsWith('**')) return '(?:.*/)?';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
