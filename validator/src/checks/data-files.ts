/**
 * Looks into a student's data folder without trusting it: no symbolic link or
 * FIFO is followed or opened, and what is read is bounded in number, depth and
 * size. Only used while the server is down.
 */
import {isUtf8} from 'node:buffer';
import {constants, type Dirent, type Stats} from 'node:fs';
import {type FileHandle, lstat, open, readdir, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {CheckFailure} from './failure.ts';
import {folderFault, inDataFolder} from './folder-fault.ts';

const DEPTH_MAX = 4;
/** Files and folders. */
const ENTRIES_MAX = 10_000;
/** Far more than 2,000 entries of 64 KiB values would need in practice, and still safe to hold. */
const FILE_BYTES_MAX = 256 * 1024 * 1024;

/** Stands for bytes of a name that are no text. */
const NOT_UTF8 = '\u{fffd}';

export interface DataFile {
  /** Relative to the data folder, with `/`. */
  readonly path: string;
  /** A file that can be opened by this path. */
  readonly isRegular: boolean;
}

/**
 * Everything in the folder that is not a folder itself, sorted by path. What has
 * a name that is not UTF-8 is there, but not regular.
 * @throws CheckFailure if a folder cannot be listed, or there is too much in it
 */
export async function listDataFiles(
  dataDir: string,
  entriesMax = ENTRIES_MAX,
): Promise<DataFile[]> {
  const files: DataFile[] = [];
  const pending = [{path: '', depth: 0}];
  let count = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const {path: parent, depth} = folder;
    for (const entry of await entriesOf(dataDir, parent)) {
      const name = entry.name.toString();
      const path = parent === '' ? name : `${parent}/${name}`;
      const isNamed = isUtf8(entry.name);
      if (!entry.isDirectory() || !isNamed) {
        files.push({path, isRegular: isNamed && entry.isFile()});
      } else if (depth < DEPTH_MAX) {
        pending.push({path, depth: depth + 1});
      }
      count += 1;
      if (count > entriesMax) throw tooMuch(`more than ${entriesMax} files in the data folder`);
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names as bytes: not all of them are text. */
function entriesOf(dataDir: string, path: string): Promise<Dirent<Buffer>[]> {
  return inDataFolder(dataDir, () =>
    readdir(join(dataDir, path), {withFileTypes: true, encoding: 'buffer'}),
  );
}

/** The files whose path matches a glob of kv.yaml. @throws CheckFailure if one is not a regular file */
export async function matchDataFiles(dataDir: string, glob: string): Promise<string[]> {
  const pattern = globPattern(glob);
  const matching = (await listDataFiles(dataDir)).filter((file) => pattern.test(file.path));
  for (const {path, isRegular} of matching) {
    if (isRegular) continue;
    const wrong = path.includes(NOT_UTF8)
      ? 'has a name that is not UTF-8'
      : 'is not a regular file';
    throw tooMuch(`${path} ${wrong}, so it is not opened`);
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

/**
 * Creates a file, which belongs to the owner of the data folder: a server may write to it.
 * @throws CheckFailure if something is in its place, or its folder is not there
 */
export async function createDataFile(
  dataDir: string,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  await stayInside(dataDir, path);
  const file = await inDataFolder(dataDir, () => open(join(dataDir, path), 'wx'));
  try {
    await file.writeFile(bytes);
    await giveToOwner(file, dataDir);
  } finally {
    await file.close();
  }
}

/** Root grades servers that run as another user. */
async function giveToOwner(file: FileHandle, dataDir: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const {uid, gid} = await lstat(dataDir);
  await file.chown(uid, gid);
}

/** Removes a file, if it is there. @throws CheckFailure if it is a folder */
export async function removeDataFile(dataDir: string, path: string): Promise<void> {
  await stayInside(dataDir, path);
  const stat = await statOf(dataDir, path);
  if (stat?.isDirectory() === true) throw tooMuch(`${path} is a folder, not a file`);
  if (stat !== undefined) await inDataFolder(dataDir, () => unlink(join(dataDir, path)));
}

/** Whether anything is there, whatever it is. */
export async function isTaken(dataDir: string, path: string): Promise<boolean> {
  return (await statOf(dataDir, path)) !== undefined;
}

async function openRegular(dataDir: string, path: string, flags: number): Promise<FileHandle> {
  await stayInside(dataDir, path);
  // O_NONBLOCK: opening a FIFO must not wait for its other end.
  const always = constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await inDataFolder(dataDir, () => open(join(dataDir, path), flags | always));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw tooMuch(`${path} is not a regular file, so it is not opened`);
}

/** A link in the place of a folder leads to files that are not the server's. */
async function stayInside(dataDir: string, path: string): Promise<void> {
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
    const folder = path.slice(0, end);
    const stat = await statOf(dataDir, folder);
    if (stat?.isDirectory() === false) throw tooMuch(`${folder} is not a folder any more`);
  }
}

/** Undefined if nothing is there. */
async function statOf(dataDir: string, path: string): Promise<Stats | undefined> {
  try {
    return await lstat(join(dataDir, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw folderFault(error, dataDir) ?? error;
  }
}

function tooMuch(summary: string): CheckFailure {
  return new CheckFailure({summary, invariant: 'The files of a claimed format are regular files.'});
}

export interface GlobPattern {
  test(path: string): boolean;
}

/** `*` and `?` match within a name, `**` across folders; everything else stands for itself. */
export function globPattern(glob: string): GlobPattern {
  const parts = glob.match(/\*\*\/?|[^]/g) ?? [];
  return {test: (path) => matches(parts, path)};
}

/**
 * Part by part from the end, in time proportional to both lengths: a regular
 * expression would try all ways to share a name out among several `*`.
 */
function matches(parts: readonly string[], path: string): boolean {
  /** Whether the parts behind match what is behind each place. */
  let behind: readonly boolean[] = Array.from(
    {length: path.length + 1},
    (_, at) => at === path.length,
  );
  for (const part of parts.toReversed()) {
    const from: boolean[] = [];
    let afterFolder = false;
    for (let at = path.length; at >= 0; at--) {
      const isInName = at < path.length && path[at] !== '/';
      const next = behind[at + 1] ?? false;
      if (path[at] === '/' && next) afterFolder = true;
      if (part.startsWith('**')) from[at] = behind[at] === true || afterFolder;
      else if (part === '*') from[at] = behind[at] === true || (isInName && from[at + 1] === true);
      else from[at] = next && (part === '?' ? isInName : part === path[at]);
    }
    behind = from;
  }
  return behind[0] === true;
}
