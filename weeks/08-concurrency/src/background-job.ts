/** Between attempts that fail. Doubles from the first to the second, in milliseconds. */
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 10_000;

/**
 * Work that nobody waits for, at most one run of it at a time. Whoever notices
 * that there is some calls `notify`; if it is under way, it runs once more. What
 * failed is tried again, after a while that grows from failure to failure, or as
 * soon as there is another `notify`.
 */
export class BackgroundJob {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | undefined;
  #isDue = false;
  #isStopped = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryDelayMs = RETRY_MIN_MS;

  /** @param work reports its own failures */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  notify(): void {
    this.#isDue = true;
    if (this.#running !== undefined || this.#isStopped) return;
    clearTimeout(this.#retry);
    this.#running = this.#runAll();
  }

  /** Lets what runs end, well or badly, and tries nothing more. */
  async stop(): Promise<void> {
    await this.#running;
    this.#isStopped = true;
    clearTimeout(this.#retry);
  }

  async #runAll(): Promise<void> {
    try {
      while (this.#isDue) {
        this.#isDue = false;
        await this.#work();
        this.#retryDelayMs = RETRY_MIN_MS;
      }
    } catch {
      this.#retry = setTimeout(() => this.notify(), this.#retryDelayMs);
      this.#retryDelayMs = Math.min(2 * this.#retryDelayMs, RETRY_MAX_MS);
    }
    this.#running = undefined;
  }
}
