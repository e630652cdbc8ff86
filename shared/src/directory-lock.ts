import {link, open, readFile, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {KvError} from './errors.ts';
import {processStart} from './running-process.ts';

/**
 * Keeps two servers off one data folder.
 *
 * The file LOCK names its owner: `{"pid":4711,"start":"83711","id":"…"}`. It
 * holds for as long as that process runs; a process that has the same pid but
 * another start is not the owner. LOCK comes into being with its content, by
 * link(2), which fails if the name is taken.
 *
 * A LOCK whose owner is gone is taken over. Two processes may find it at the
 * same time, and whoever then simply removed it could remove the other's new
 * one. So the right to replace the LOCK with a certain id is a lock itself, the
 * file `LOCK.<id>`:
 *
 * 1. Whoever replaces or removes a LOCK either owns it, or holds `LOCK.<its id>`.
 * 2. The holder looks at LOCK again, and replaces it only if the id is still
 *    that one, by a rename: there is no moment without a LOCK.
 * 3. `LOCK.<id>` is taken over by the same rules when its holder died.
 *
 * All processes are on one machine and see each other's pids. One that dies
 * while it takes over may leave a file `LOCK.*` behind, which does no harm.
 */
export interface DirectoryLock {
  /** Removes the lock, unless it is no longer ours. */
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  /** See processStart. */
  readonly start: string;
  /** Different for every lock. */
  readonly id: string;
}

const LOCK_NAME = 'LOCK';
/** Stands for the id of a lock file that does not say one. */
const UNREADABLE: Owner = {pid: 0, start: '', id: 'unreadable'};
/** How long a lock file that says nothing may be one that is just being written. */
const UNREADABLE_WAIT_MS = 250;
const POLL_MS = 20;

/**
 * @param dir an existing folder
 * @throws KvError LOCKED if a running process, this one included, has the folder;
 *   IO if the lock file cannot be written
 */
export async function acquireDirectoryLock(dir: string): Promise<DirectoryLock> {
  const start = await processStart(process.pid);
  const owner: Owner = {pid: process.pid, start: start ?? 'unknown', id: newId()};
  const path = join(dir, LOCK_NAME);
  try {
    await acquire(path, dir, owner);
  } catch (error) {
    if (error instanceof KvError) throw error;
    throw new KvError('IO', `cannot lock the data folder ${dir}: ${String(error)}`, {
      file: LOCK_NAME,
      cause: error,
    });
  }
  return {release: () => release(path, owner)};
}

let idsMade = 0;

/** No two processes have the same pid at the same nanosecond. Without node:crypto, a start is shorter. */
function newId(): string {
  idsMade += 1;
  return [BigInt(process.pid), process.hrtime.bigint(), BigInt(idsMade)]
    .map((part) => part.toString(16))
    .join('-');
}

async function acquire(path: string, dir: string, owner: Owner): Promise<void> {
  for (;;) {
    if (await createExclusively(path, owner)) return;
    const present = await readOwner(path);
    // Released in between: try again.
    if (present === undefined) continue;
    if (await isRunning(present)) throw locked(dir, present);
    if (await takeOver(path, dir, present, owner)) return;
  }
}

/** @returns false if `path` is no longer `dead`'s */
async function takeOver(path: string, dir: string, dead: Owner, owner: Owner): Promise<boolean> {
  const claimPath = `${path}.${dead.id}`;
  const claim: Owner = {...owner, id: newId()};
  await acquire(claimPath, dir, claim);
  try {
    const present = await readOwner(path);
    if (present?.id !== dead.id) return false;
    await replace(path, owner);
    return true;
  } finally {
    await release(claimPath, claim);
  }
}

async function replace(path: string, owner: Owner): Promise<void> {
  const prepared = await writeAside(path, owner);
  try {
    await rename(prepared, path);
  } catch (error) {
    await rm(prepared, {force: true});
    throw error;
  }
}

/** @returns false if `path` exists */
async function createExclusively(path: string, owner: Owner): Promise<boolean> {
  const prepared = await writeAside(path, owner);
  try {
    await link(prepared, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    return createWithoutLink(path, owner);
  } finally {
    await rm(prepared, {force: true});
  }
}

/** For file systems without hard links: for an instant the file exists and is empty. */
async function createWithoutLink(path: string, owner: Owner): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(JSON.stringify(owner));
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

async function writeAside(path: string, owner: Owner): Promise<string> {
  const aside = `${path}.${newId()}.tmp`;
  const file = await open(aside, 'wx');
  try {
    await file.writeFile(JSON.stringify(owner));
  } finally {
    await file.close();
  }
  return aside;
}

async function release(path: string, owner: Owner): Promise<void> {
  const present = await readOwner(path);
  if (present?.id === owner.id) await rm(path, {force: true});
}

/** @returns undefined if there is no such file, UNREADABLE if it stays empty or is no lock */
async function readOwner(path: string): Promise<Owner | undefined> {
  const deadline = Date.now() + UNREADABLE_WAIT_MS;
  for (;;) {
    let content: string;
    try {
      content = await readFile(path, 'utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    }
    const owner = parseOwner(content);
    if (owner !== undefined) return owner;
    if (Date.now() > deadline) return UNREADABLE;
    await sleep(POLL_MS);
  }
}

function parseOwner(content: string): Owner | undefined {
  let fields: Partial<Record<keyof Owner, unknown>> | null;
  try {
    fields = JSON.parse(content);
  } catch {
    return undefined;
  }
  const {pid, start, id} = fields ?? {};
  if (!Number.isSafeInteger(pid) || typeof start !== 'string' || typeof id !== 'string') {
    return undefined;
  }
  // The id becomes part of a file's name.
  return /^[0-9a-f-]{1,64}$/.test(id) ? {pid: pid as number, start, id} : undefined;
}

async function isRunning(owner: Owner): Promise<boolean> {
  if (owner.pid <= 0) return false;
  const start = await processStart(owner.pid);
  if (start === undefined) return false;
  return start === owner.start || start === 'unknown' || owner.start === 'unknown';
}

function locked(dir: string, owner: Owner): KvError {
  const who = owner.pid === process.pid ? 'this process itself' : `process ${owner.pid}`;
  return new KvError(
    'LOCKED',
    `the data folder ${dir} is in use by ${who}: stop that one first, or choose another folder`,
    {file: LOCK_NAME},
  );
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
