/**
 * Reads what only the owner of a process may read, and a grader with all of
 * root's capabilities: in a container root mostly lacks CAP_SYS_PTRACE, without
 * which /proc keeps the environment and the files of other users' processes to itself.
 */
import {spawnSync} from 'node:child_process';
import {statSync} from 'node:fs';

const TIMEOUT_MS = 2_000;
/** More than any environment, or list of open files, that is asked for. */
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Runs a shell script as the owner of a process, with the pid as `$1`.
 * The owner is a student's user: what comes back may be anything.
 * @returns what it printed; undefined unless this process is root, the owner is
 *   another, and the script succeeded
 */
export function askAsOwner(pid: number, script: string): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(`/proc/${pid}`, {throwIfNoEntry: false});
  if (owner === undefined || owner.uid === 0) return undefined;
  const {status, stdout} = spawnSync('/bin/sh', ['-c', script, 'sh', String(pid)], {
    uid: owner.uid,
    gid: owner.gid,
    cwd: '/',
    // Nothing of ours, which may hold secrets.
    env: {PATH: '/usr/bin:/bin'},
    encoding: 'latin1',
    maxBuffer: OUTPUT_BYTES_MAX,
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}
