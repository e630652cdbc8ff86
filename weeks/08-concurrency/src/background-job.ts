/**
 * Work that nobody waits for, at most one run of it at a time. Whoever notices
 * that there is some calls `notify`; if it is under way, it runs once more.
 *
 * Simplification, and its cost: what failed is not tried again after a while, but
 * at the next `notify`, so it waits for more writes.
 */
export class BackgroundJob {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #isDue = false;

  /** @param work reports its own failures */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  notify(): void {
    this.#isDue = true;
    if (this.#running !== undefined) return;
    this.#running = this.#runAll();
    // For those who do not wait; those who do are told.
    this.#running.catch(() => {});
  }

  /** Settles when nothing runs. @throws what the work throws */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#work();
      }
    } finally {
      this.#running = undefined;
    }
  }
}
