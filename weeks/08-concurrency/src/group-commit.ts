import {asKvError} from '@kv-workshop/shared/errors';
import type {Entry} from './sstable.ts';

/** Writes that settle together. */
interface Group {
  readonly entries: Entry[];
  readonly settled: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while one group of writes is being made durable, others gather;
 * then all of them are the next group, and share one sync. The more writers wait,
 * the larger the groups.
 *
 * Simplification, and its cost: a group settles as a whole, so a failed sync
 * refuses all its writes.
 */
export class GroupCommit {
  readonly #commit: (group: readonly Entry[]) => Promise<void>;
  readonly #groupMax: number;
  /** The last one still grows. */
  readonly #waiting: Group[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param commit makes a group durable, and applies it
   * @param groupMax how many writes a group may have, at least 1
   */
  constructor(commit: (group: readonly Entry[]) => Promise<void>, groupMax: number) {
    this.#commit = commit;
    this.#groupMax = groupMax;
  }

  /** Settles as the commit of its group does. @throws what that throws */
  write(entry: Entry): Promise<void> {
    let group = this.#waiting.at(-1);
    if (group === undefined || group.entries.length >= this.#groupMax) {
      group = newGroup();
      this.#waiting.push(group);
    }
    group.entries.push(entry);
    this.#running ??= this.#commitAll();
    return group.settled;
  }

  /** Settles when no write waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #commitAll(): Promise<void> {
    // Lets those that are asked for in the same moment join the first group.
    await Promise.resolve();
    for (let group = this.#waiting.shift(); group !== undefined; group = this.#waiting.shift()) {
      try {
        await this.#commit(group.entries);
        // They go on when the next group is on its way to the disk.
        group.resolve();
      } catch (error) {
        group.reject(asKvError(error));
      }
    }
    this.#running = undefined;
  }
}

function newGroup(): Group {
  let resolve: Group['resolve'] = () => {};
  let reject: Group['reject'] = () => {};
  const settled = new Promise<void>((onSettled, onFailed) => {
    resolve = onSettled;
    reject = onFailed;
  });
  return {entries: [], settled, resolve, reject};
}
