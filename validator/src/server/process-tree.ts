/**
 * A process that we started, and everything that it started in turn.
 *
 * A process belongs to the tree if it is the root, is in the root's process
 * group or session, has an ancestor in the tree, or carries the tree's marker in
 * its environment. The marker is what finds a daemon: by forking twice and
 * calling setsid it leaves group, session and ancestors behind, but not its
 * environment. Once seen, a process stays in the tree whatever it does.
 *
 * Invariants:
 * 1. Only processes of the tree are ever signalled, and who took its port
 *    (`killListeners`). A process is known by its pid and its start time, since a
 *    pid alone may by now be somebody else's.
 * 2. The root's pid is taken for a group or session only until the root has been
 *    waited for; after that the number may be given away (`rootEnded`).
 *
 * Not found by `members`: a daemon that also cleared its environment, and, where there is no
 * /proc, any daemon that got away before `members` was first called. Where a submission
 * has a user of its own, user-processes.ts finds these as well.
 */

import {setTimeout as sleep} from 'node:timers/promises';
import {GraderError} from '../errors.ts';
import {
  type ListeningSocket,
  type ProcessEntry,
  type ProcessTable,
  systemProcessTable,
} from './process-table.ts';

/** Freezing takes one round more than the tree can fork in between; this many is a fork bomb. */
const FREEZE_ROUNDS_MAX = 50;
const KILL_TIMEOUT_MS = 10_000;
/** At exit nobody waits for long, and SIGKILL needs milliseconds. */
const KILL_AT_EXIT_TIMEOUT_MS = 2000;
const POLL_MS_MAX = 20;
const INIT_PID = 1;

export class ProcessTree {
  readonly #table: ProcessTable;
  readonly #rootPid: number;
  readonly #marker: string;
  /** Start times by pid of every process ever found in the tree. */
  readonly #known = new Map<number, number>();
  readonly #treeStartedAt: number;
  #rootIsOurs = true;
  /** Why a signal could not be sent, by pid. */
  readonly #refusals = new Map<number, string>();

  /**
   * @param rootPid a child of this process that leads a process group of its own
   *   and was not waited for yet
   * @param marker `NAME=value` in the environment of the root and of no other tree
   */
  constructor(rootPid: number, marker: string, table: ProcessTable = systemProcessTable()) {
    this.#table = table;
    this.#rootPid = rootPid;
    this.#marker = marker;
    const root = table.list().find((entry) => entry.pid === rootPid);
    if (root === undefined) throw new GraderError(`process ${rootPid} is not to be seen`);
    this.#treeStartedAt = root.startedAt;
    this.#known.set(rootPid, root.startedAt);
  }

  /** The processes of the tree that are alive. */
  members(): readonly ProcessEntry[] {
    const candidates = this.#table
      .list()
      .filter((entry) => entry.startedAt >= this.#treeStartedAt - this.#table.startTolerance);
    const found = new Map<number, ProcessEntry>();
    for (const entry of candidates) {
      if (this.#belongsByItself(entry)) found.set(entry.pid, entry);
    }
    // Children may be listed before their parents, hence until nothing is added.
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const entry of candidates) {
        if (found.has(entry.parentPid)) found.set(entry.pid, entry);
      }
    }
    for (const entry of found.values()) this.#known.set(entry.pid, entry.startedAt);
    return [...found.values()].filter((entry) => !entry.isZombie);
  }

  /** The sockets on which it listens; undefined where that cannot be found out. */
  listeningSockets(): ListeningSocket[] | undefined {
    return this.#table.listeningSockets(new Set(this.members().map((entry) => entry.pid)));
  }

  /**
   * Kills whoever listens on a port, has started after the root, and is an orphan as a
   * daemon of it would be, which `members` cannot find.
   * REQUIRES: the port was free before the root started, and is meant for it alone
   * @returns the pids that were told to end; none where listeners cannot be found out
   */
  killListeners(port: number): number[] {
    const all = new Map(this.#table.list().map((entry) => [entry.pid, entry]));
    const strangers = Array.from(all.values()).filter(
      (entry) => entry.pid !== process.pid && this.#isLater(entry) && this.#isOrphan(entry, all),
    );
    const pids = new Set(strangers.map(({pid}) => pid));
    const listeners = (this.#table.listeningSockets(pids) ?? []).filter(
      (socket) => socket.port === port,
    );
    const found = [...new Set(listeners.map(({pid}) => pid))];
    for (const pid of found) this.#signal(pid, 'SIGKILL');
    return found;
  }

  /** To be called as soon as the root has been waited for; notes whom it leaves behind. */
  rootEnded(): void {
    this.members();
    this.#rootIsOurs = false;
  }

  /** Asks the process group to end. What has left the group is not asked. */
  terminate(): void {
    if (this.#rootIsOurs) {
      this.#signal(-this.#rootPid, 'SIGTERM');
      return;
    }
    for (const entry of this.members()) this.#signal(entry.pid, 'SIGTERM');
  }

  /**
   * SIGKILL of all; settles when none is left.
   * @param rootGone settles when the root has been waited for: to look for what is
   *   left costs more than to wait, and most trees are nothing but a root
   * @throws GraderError if some cannot be killed
   */
  async kill(rootGone: Promise<void>): Promise<void> {
    const deadline = performance.now() + KILL_TIMEOUT_MS;
    if (this.#strike() === 0) return;
    await Promise.race([rootGone, sleep(POLL_MS_MAX)]);
    for (let pollMs = 1; this.#strike() > 0; pollMs = Math.min(2 * pollMs, POLL_MS_MAX)) {
      if (performance.now() > deadline) throw this.#notKilled();
      await sleep(pollMs);
    }
  }

  /** As `kill`, for the moment in which no promise is settled any more. */
  killSync(): void {
    const deadline = performance.now() + KILL_AT_EXIT_TIMEOUT_MS;
    const clock = new Int32Array(new SharedArrayBuffer(4));
    while (this.#strike() > 0) {
      if (performance.now() > deadline) throw this.#notKilled();
      Atomics.wait(clock, 0, 0, POLL_MS_MAX);
    }
  }

  /**
   * Stops everything first, so that nothing forks while we look or notices that
   * its parent is gone, then kills. The instant of the crash is the first SIGSTOP.
   * @returns how many were alive
   */
  #strike(): number {
    if (this.#rootIsOurs) this.#signal(-this.#rootPid, 'SIGSTOP');
    const frozen = new Set<number>();
    for (let round = 0; round < FREEZE_ROUNDS_MAX; round++) {
      const fresh = this.members().filter((entry) => !frozen.has(entry.pid));
      if (fresh.length === 0) break;
      for (const entry of fresh) {
        this.#signal(entry.pid, 'SIGSTOP');
        frozen.add(entry.pid);
      }
    }
    for (const pid of frozen) this.#signal(pid, 'SIGKILL');
    return frozen.size;
  }

  #isLater({startedAt}: ProcessEntry): boolean {
    return startedAt >= this.#treeStartedAt + this.#table.startTolerance;
  }

  /**
   * Whether its parents, as far as they started after the root, end where orphans of
   * ours do: with init, or with an ancestor of this process that takes them in. Whoever
   * has another parent was started by somebody else, and took the port by chance.
   */
  #isOrphan(entry: ProcessEntry, all: ReadonlyMap<number, ProcessEntry>): boolean {
    let parent = all.get(entry.parentPid);
    while (parent !== undefined && this.#isLater(parent)) parent = all.get(parent.parentPid);
    if (parent === undefined || parent.pid === INIT_PID) return true;
    for (let ours = all.get(process.ppid); ours !== undefined; ours = all.get(ours.parentPid)) {
      if (ours.pid === parent.pid) return true;
    }
    return false;
  }

  #belongsByItself(entry: ProcessEntry): boolean {
    const startedAt = this.#known.get(entry.pid);
    if (startedAt !== undefined) {
      return Math.abs(entry.startedAt - startedAt) <= this.#table.startTolerance;
    }
    if (this.#rootIsOurs) {
      if (entry.groupId === this.#rootPid || entry.sessionId === this.#rootPid) return true;
    }
    return this.#table.hasEnvironment(entry.pid, this.#marker);
  }

  #signal(pid: number, signal: NodeJS.Signals): void {
    try {
      process.kill(pid, signal);
    } catch (error) {
      const {code, message} = error as NodeJS.ErrnoException;
      if (code !== 'ESRCH') this.#refusals.set(pid, message);
    }
  }

  #notKilled(): GraderError {
    const left = this.members().map((entry) => {
      const reason = this.#refusals.get(entry.pid) ?? 'it does not go away';
      return `process ${entry.pid} (${reason})`;
    });
    return new GraderError(`the server cannot be killed: ${left.join(', ')}`);
  }
}
