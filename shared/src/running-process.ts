import {readFile} from 'node:fs/promises';
import {promisify} from 'node:util';

/**
 * When the running process `pid` was started, in words that are the same every
 * time and differ between processes that have the same pid one after the other.
 *
 * - Linux: clock ticks from boot to start, field 22 of /proc/<pid>/stat (proc(5)).
 * - Elsewhere: the date that `ps` prints.
 * - "unknown" if neither is to be had.
 *
 * @returns undefined if no such process runs; one that ended and waits for its parent does not
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!exists(pid)) return undefined;
  const running = await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid));
  if (running !== undefined) return running.ended ? undefined : running.start;
  return exists(pid) ? 'unknown' : undefined;
}

interface ProcessStatus {
  readonly start: string;
  /** A zombie: it runs no more, and keeps its pid until its parent asks how it ended. */
  readonly ended: boolean;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function fromProc(pid: number): Promise<ProcessStatus | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/**
 * `4711 (a name) S 1 …`: the name may itself have spaces and parentheses, so
 * the fields are counted from the last parenthesis on; the first of them is field 3.
 */
export function parseStat(stat: string): ProcessStatus | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[3 - 3];
  const start = fields[22 - 3];
  if (state === undefined || start === undefined) return undefined;
  return {start, ended: hasEnded(state)};
}

async function fromPs(pid: number): Promise<ProcessStatus | undefined> {
  // Loaded only here: a start on Linux does without.
  const {execFile} = await import('node:child_process');
  try {
    const {stdout} = await promisify(execFile)(
      'ps',
      ['-o', 'stat=', '-o', 'lstart=', '-p', `${pid}`],
      {
        // The date must not depend on who asks.
        env: {...process.env, LC_ALL: 'C', TZ: 'UTC'},
      },
    );
    const [state, ...date] = stdout.trim().split(/\s+/);
    if (state === undefined || date.length === 0) return undefined;
    return {start: date.join(' '), ended: hasEnded(state)};
  } catch {
    return undefined;
  }
}

function hasEnded(state: string): boolean {
  return state.startsWith('Z') || state.startsWith('X');
}
