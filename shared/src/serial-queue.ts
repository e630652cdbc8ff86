/**
 * Runs tasks one after another, in the order in which they were added. This is
 * what "stop the world" means in these engines: while a task runs, whatever
 * else was asked for waits.
 */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all tasks added before it have ended, well or badly. */
  run<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // A failed task is its caller's business; those behind it run all the same.
    this.#last = result.catch(() => {});
    return result;
  }

  /** Settles when every task added so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
