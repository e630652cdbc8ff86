import type {Entry} from './sstable.ts';

interface Waiting {
  readonly entry: Entry;
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
  readonly #groupMax: () => number;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param commit makes a group durable, and applies it
   * @param groupMax how many writes the next group may have, at least 1
   */
  constructor(commit: (group: readonly Entry[]) => Promise<void>, groupMax: () => number) {
    this.#commit = commit;
    this.#groupMax = groupMax;
  }

  /** Settles as the commit of its group does. @throws what that throws */
  write(entry: Entry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({entry, resolve, reject});
      this.#running ??= this.#commitAll();
    });
  }

  /** Settles when no write waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #commitAll(): Promise<void> {
    // Lets those that are asked for in the same moment join the first group.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#groupMax());
      try {
        await this.#commit(group.map(({entry}) => entry));
        for (const {resolve} of group) resolve();
      } catch (error) {
        for (const {reject} of group) reject(error);
      }
    }
    this.#running = undefined;
  }
}
