/** Keeps processors busy. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {constants, setPriority} from 'node:os';
import {UsageError} from '../tool.ts';

/** Ends by itself when whoever started it is gone, even if that was killed. */
const BUSY_LOOP = `
  const parent = process.ppid;
  while (process.ppid === parent) {
    for (const end = Date.now() + 500; Date.now() < end; );
  }
`;

/**
 * Does `work` while so many loops run, at the priority that processes usually
 * have, on whichever processors there are.
 */
export async function underLoad<T>(loops: number, work: () => Promise<T>): Promise<T> {
  const children: ChildProcess[] = [];
  try {
    for (let loop = 0; loop < loops; loop++) {
      const child = spawn(process.execPath, ['-e', BUSY_LOOP], {stdio: 'ignore'});
      children.push(child);
      await once(child, 'spawn');
      raise(child.pid);
    }
    return await work();
  } finally {
    await Promise.all(children.map(end));
  }
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await ended;
}

/** A soak run may have been started with a low priority; the load is not to be nicer than the rest. */
function raise(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_NORMAL);
  } catch {
    throw new UsageError(
      '--load: this run has a low priority, and may not start loops with a normal one',
    );
  }
}
