import {execFileSync} from 'node:child_process';

/**
 * Keeps this process, and all that it will start, on one core: with client and
 * server on two, the same requests take twice as long on one day and not on
 * the next. @returns whether that was possible (Linux, with taskset)
 */
export function pinToOneCore(): boolean {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '0', String(process.pid)], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
}
