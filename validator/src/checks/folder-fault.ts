/**
 * Errors of the file system that come from what is in a student's data folder.
 * Whoever fills the folder can cause them at will, so they are failures of the
 * server, not of the grader, whose errors cost no marks.
 */
import {isAbsolute, relative} from 'node:path';
import {CheckFailure} from './failure.ts';

/** What the machine alone can cause, such as ENOSPC, EMFILE and EIO, is not among them. */
const WRONG: Readonly<Record<string, string>> = {
  EACCES: 'its permissions keep the grader out',
  EBUSY: 'something else is mounted there',
  EEXIST: 'something of that name is there already',
  EISDIR: 'a folder is where a file should be',
  ELOOP: 'it is a symbolic link, and none is followed',
  EINVAL: 'the system does not take it',
  ENAMETOOLONG: 'its path is too long',
  ENODEV: 'it is a device, not a file',
  ENOENT: 'it is not there',
  ENOTDIR: 'a file is where a folder should be',
  ENOTEMPTY: 'a folder that is not empty is in the way',
  ENXIO: 'it is a FIFO, a socket or a device, not a file',
  EOPNOTSUPP: 'it is a socket, not a file',
  EPERM: 'the system does not permit it',
  ETXTBSY: 'it is a program that runs',
  EXDEV: 'it is on another file system',
};

const DONE: Readonly<Record<string, string>> = {
  chown: 'given to its user',
  lstat: 'looked at',
  mkdir: 'made',
  open: 'opened',
  rename: 'moved',
  scandir: 'listed',
  unlink: 'removed',
};

const RULE =
  'What is in the data folder can be listed, read, moved and removed once the server is down.';

/** As `work`, but what is wrong with the data folder is a CheckFailure. */
export async function inDataFolder<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderFault(error, dataDir) ?? error;
  }
}

/** @returns undefined for an error that has nothing to do with what is in the folder */
export function folderFault(error: unknown, dataDir: string): CheckFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const {code = '', syscall = '', path, dest} = error as NodeJS.ErrnoException & {dest?: string};
  const wrong = WRONG[code];
  const place = [path, dest].map((each) => placeIn(dataDir, each)).find(Boolean);
  if (wrong === undefined || place === undefined) return undefined;
  return new CheckFailure({
    summary: `${place} cannot be ${DONE[syscall] ?? 'used'}: ${code} (${wrong})`,
    expected: 'regular files and folders, as a server makes them',
    got: `${place}: ${wrong}`,
    invariant: RULE,
  });
}

/** How people name a path; undefined if it is not in the data folder. */
function placeIn(dataDir: string, path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined;
  const inside = relative(dataDir, path);
  if (inside === '') return 'the data folder';
  return inside === '..' || inside.startsWith('../') || isAbsolute(inside) ? undefined : inside;
}
