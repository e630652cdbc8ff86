/**
 * Build and server as another user than the grader, who can read neither seeds
 * nor fixtures nor results. This takes root; whatever is missing is said.
 */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {UsageError} from '../errors.ts';
import type {Isolation} from '../grade/result.ts';
import {endUserProcesses, type User, userProcesses} from '../server/user-processes.ts';

const TIMEOUT_MS = 10_000;
const IDLE_LOOKS_MAX = 10;
const IDLE_LOOK_MS = 50;

/**
 * @param name of a user, or a number: that user need not exist
 * @throws UsageError if there is no such user, or it is root
 */
export function findUser(name: string): User {
  const uid = /^\d{1,9}$/.test(name) ? Number(name) : idOf(name, '-u');
  if (uid === 0) throw new UsageError(`runAs: ${name} is root; name a user that may do nothing`);
  return {uid, gid: /^\d{1,9}$/.test(name) ? Number(name) : idOf(name, '-g')};
}

function idOf(name: string, flag: string): number {
  const {status, stdout} = spawnSync('id', [flag, '--', name], {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status === 0 && /^\d+$/.test(stdout.trim())) return Number(stdout.trim());
  throw new UsageError(`runAs: there is no user ${name} here`);
}

/**
 * Of a submission's user all processes are ended, many times: it must be nobody else's.
 * @throws UsageError if something runs as it already; GraderError
 */
export async function claimUser(user: User): Promise<void> {
  const {uid} = user;
  let pids = userProcesses(uid);
  // What another grader starts to look at a process of that user lives for a moment only.
  for (let looks = 1; pids.length > 0 && looks < IDLE_LOOKS_MAX; looks++) {
    await sleep(IDLE_LOOK_MS);
    pids = userProcesses(uid);
  }
  // A process that only forks and ends is too short to be seen, and is nobody's work.
  if (pids.length === 0) return endUserProcesses(user);
  const shown = pids.slice(0, 10).join(', ');
  throw new UsageError(
    `runAs: user ${uid} has processes already (${shown}): another marking with the same runAs, or what one that was killed has left; wait for it, end them, or name a user that nothing else runs as`,
  );
}

/**
 * Tries as the user what must not be possible.
 * @param hidden paths that it must not be able to read or, if they are not there yet, to make
 */
export function checkIsolation(user: User | undefined, hidden: readonly string[]): Isolation {
  if (user === undefined) return {isolated: false, reason: 'the policy names no user (runAs)'};
  if (process.getuid?.() !== 0) {
    return {
      isolated: false,
      reason: 'the grader is not root, so it cannot run anything as another',
    };
  }
  const open = hidden.find((path) => canReach(user, path));
  if (open === undefined) return {isolated: true, reason: ''};
  return {isolated: false, reason: `user ${user.uid} can reach ${open}`};
}

function canReach({uid, gid}: User, path: string): boolean {
  const script = existsSync(path) ? 'test -r "$1"' : 'test -w "$1"';
  const target = existsSync(path) ? path : dirname(path);
  const {status} = spawnSync('/bin/sh', ['-c', script, 'sh', target], {
    uid,
    gid,
    cwd: '/',
    timeout: TIMEOUT_MS,
  });
  // Anything but a plain no is taken for a yes.
  return status !== 1;
}

/** The environment of a student's commands: nothing of ours that could be a secret. */
export function studentEnvironment(home: string): Record<string, string> {
  const kept = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'GOROOT', 'JAVA_HOME', 'RUSTUP_HOME'];
  const environment = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {...Object.fromEntries(environment), HOME: home, TMPDIR: home};
}
