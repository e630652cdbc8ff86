/**
 * All processes of a user. A daemon leaves its group, its session, its parents and
 * its environment behind, but it cannot leave its user: where a submission has one
 * of its own (`Account`), nothing of it escapes (docs/decisions/0021).
 */
import {spawnSync} from 'node:child_process';
import {readdirSync, readFileSync} from 'node:fs';
import {GraderError} from '../errors.ts';
import type {Account} from './account.ts';

export type User = Pick<Account, 'uid' | 'gid'>;

/** SIGKILL takes milliseconds; the rest is for a machine with a fork bomb on it. */
const TIMEOUT_MS = 10_000;
const HELPER_TIMEOUT_MS = 2_000;
const POLL_MS_MAX = 20;
/** kill(2): -1 is every process that the sender may signal, but for itself. */
const KILL_ALL = 'kill -s KILL -- -1; exit 0';
const CLOCK = new Int32Array(new SharedArrayBuffer(4));

/** @returns the pids of all that runs as the user, by any of a process's user ids */
export function userProcesses(uid: number): number[] {
  return pidsByProc(uid) ?? pidsByPs(uid);
}

/**
 * Ends all that runs as the user; when it returns nothing of it is left, and nothing
 * can come, since only graders start anything as that user. Synchronous, so
 * that no helper of ours with the same user can be running meanwhile.
 * REQUIRES: this process is root, and the user is a submission's alone
 * @throws GraderError if something of it is still there after some time
 */
export function endUserProcesses(user: User): void {
  const deadline = performance.now() + TIMEOUT_MS;
  let allStruck = false;
  for (let pollMs = 1; ; pollMs = Math.min(2 * pollMs, POLL_MS_MAX)) {
    allStruck ||= strikeAll(user);
    const left = userProcesses(user.uid);
    if (allStruck && left.length === 0) return;
    // One by one as well: a process that ends the others of its user ends the helper too.
    for (const pid of left) strike(pid);
    if (performance.now() > deadline) {
      const which = left.length === 0 ? '' : `: ${left.slice(0, 10).join(', ')}`;
      throw new GraderError(`processes of user ${user.uid} cannot be ended${which}`);
    }
    Atomics.wait(CLOCK, 0, 0, pollMs);
  }
}

/**
 * As the user, since root would end everybody. All of them get the signal in one system
 * call: one after another, they could fork faster than they are found.
 * @returns whether that was done
 */
function strikeAll({uid, gid}: User): boolean {
  if (uid === 0) throw new GraderError('the processes of root are not to be ended');
  const {status} = spawnSync('/bin/sh', ['-c', KILL_ALL], {
    uid,
    gid,
    cwd: '/',
    env: {},
    stdio: 'ignore',
    timeout: HELPER_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  return status === 0;
}

function strike(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended. What cannot be signalled is found again, until the deadline.
  }
}

/** Undefined where there is no /proc (proc(5)). */
function pidsByProc(uid: number): number[] | undefined {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  if (names.length === 0) return undefined;
  return names.filter((name) => runsAs(readStatus(name), uid)).map(Number);
}

/** @param status of /proc, with the real, effective, saved and file system user ids */
export function runsAs(status: string, uid: number): boolean {
  const ids = /^Uid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
  if (!ids.includes(String(uid))) return false;
  // A process whose first thread has ended looks like a zombie while the others run.
  return !/^State:\s+[ZX]/m.test(status) || Number(/^Threads:\s+(\d+)/m.exec(status)?.[1]) > 1;
}

/** Empty if it has ended meanwhile. */
function readStatus(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}

function pidsByPs(uid: number): number[] {
  const columns = ['-A', '-o', 'pid=', '-o', 'uid=', '-o', 'ruid=', '-o', 'stat='];
  const {status, stdout} = spawnSync('ps', columns, {encoding: 'latin1'});
  if (status !== 0) throw new GraderError('the processes of this machine cannot be listed by ps');
  return stdout.split('\n').flatMap((line) => {
    const [pid, effective, real, state = ''] = line.trim().split(/\s+/);
    const isOfUser = [effective, real].includes(String(uid));
    return isOfUser && !state.startsWith('Z') ? [Number(pid)] : [];
  });
}
