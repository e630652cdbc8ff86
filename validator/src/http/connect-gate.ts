/** Fewer than the shortest queue that people write: `listen(fd, 5)`, Python's default. */
const UNANSWERED_MAX = 4;

/**
 * Lets few new connections of a client wait for their first answer at one time.
 * A server has a short queue for connections that it has not accepted yet; when
 * many come at once, the kernel drops what does not fit, and the client waits
 * for seconds though nobody did anything wrong.
 */
export class ConnectGate {
  readonly #waiting: (() => void)[] = [];
  #places = UNANSWERED_MAX;

  /** Calls `open` now, or when a place is free. Whoever was let in must `leave`. */
  enter(open: () => void): void {
    if (this.#places === 0) {
      this.#waiting.push(open);
    } else {
      this.#places--;
      open();
    }
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#places++;
    else next();
  }
}
