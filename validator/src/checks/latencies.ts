import {performance} from 'node:perf_hooks';

/** Fewer say nothing. */
const COUNT_MIN = 10;

/** How long answers took: enough to tell how fast a server is and whether Nagle is at work. */
export class Latencies {
  #count = 0;
  #near40Ms = 0;
  #waiting = 0;
  /** When the latest time began in which at least one request was waiting. */
  #waitingSince = 0;
  #totalMs = 0;

  /** A request is sent. @returns to be called when that has its outcome */
  start(): (isAnswered: boolean) => void {
    const startedAt = performance.now();
    if (this.#waiting++ === 0) this.#waitingSince = startedAt;
    return (isAnswered) => {
      const now = performance.now();
      if (--this.#waiting === 0) this.#totalMs += now - this.#waitingSince;
      if (isAnswered) this.add(now - startedAt);
    };
  }

  add(milliseconds: number): void {
    this.#count += 1;
    if (milliseconds >= 36 && milliseconds <= 50) this.#near40Ms += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** How long at least one request was waiting for its answer. */
  get totalMs(): number {
    return this.#totalMs;
  }

  /**
   * Whether most answers took about as long as a delayed acknowledgement of
   * TCP: a server that writes head and body apart, with Nagle's algorithm on,
   * waits 40 ms for each.
   */
  get looksLikeNagle(): boolean {
    return this.#count >= COUNT_MIN && this.#near40Ms * 2 > this.#count;
  }
}
