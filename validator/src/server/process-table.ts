/** What the operating system tells about processes, behind one interface. */

import {existsSync} from 'node:fs';
import {procTable} from './proc-table.ts';
import {psTable} from './ps-table.ts';

export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** 0 where it is not known. */
  readonly sessionId: number;
  /**
   * When it started, on a scale that is the table's own. Together with the pid it
   * names one process for good, since pids are given away again.
   */
  readonly startedAt: number;
  /** Dead, and only waiting for its parent to take note. */
  readonly isZombie: boolean;
}

export interface ListeningSocket {
  readonly pid: number;
  /** 127.0.0.1, 0.0.0.0, ::1, ::, … */
  readonly host: string;
  readonly port: number;
}

export interface ProcessTable {
  /** How much `startedAt` of one process may vary from one listing to the next. */
  readonly startTolerance: number;
  /** All processes that can be seen. Not a snapshot of one instant. */
  list(): ProcessEntry[];
  /** Whether the process was started with `NAME=value` in its environment; false if unknown. */
  hasEnvironment(pid: number, assignment: string): boolean;
  /** The sockets on which the given processes listen; undefined where that is not known. */
  listeningSockets(pids: ReadonlySet<number>): ListeningSocket[] | undefined;
}

/** /proc where there is one, else `ps`, which knows less. */
export function systemProcessTable(): ProcessTable {
  return existsSync('/proc/self/stat') ? procTable : psTable;
}
