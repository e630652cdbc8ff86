/**
 * Processes as POSIX `ps` shows them, for systems without /proc such as macOS.
 * It shows neither environments nor sockets, so a daemon that left its session
 * before it was ever looked at cannot be found again.
 */

import {spawnSync} from 'node:child_process';
import {GraderError} from '../errors.ts';
import type {ProcessEntry, ProcessTable} from './process-table.ts';

const PS_TIMEOUT_MS = 10_000;
const PS_OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

export const psTable: ProcessTable = {
  // lstart is in whole seconds, and some versions of ps compute it from the uptime.
  startTolerance: 2000,

  list() {
    const result = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], {
      encoding: 'latin1',
      // lstart is a date in the language of the locale.
      env: {...process.env, LC_ALL: 'C'},
      timeout: PS_TIMEOUT_MS,
      maxBuffer: PS_OUTPUT_BYTES_MAX,
    });
    if (result.status !== 0) {
      const reason = result.error?.message ?? result.stderr.trim();
      throw new GraderError(`cannot list processes: ps failed: ${reason}`);
    }
    return result.stdout.split('\n').flatMap((line) => parsePsLine(line, result.pid) ?? []);
  },

  hasEnvironment: () => false,
  listeningSockets: () => undefined,
};

/** `pid ppid pgid stat lstart`; undefined for an empty line and for `ps` itself. */
export function parsePsLine(line: string, psPid: number): ProcessEntry | undefined {
  const [pid, parentPid, groupId, state = '', ...started] = line.trim().split(/\s+/);
  if (started.length === 0 || Number(pid) === psPid) return undefined;
  return {
    pid: Number(pid),
    parentPid: Number(parentPid),
    groupId: Number(groupId),
    sessionId: 0,
    startedAt: Date.parse(started.join(' ')),
    isZombie: state.startsWith('Z'),
  };
}
