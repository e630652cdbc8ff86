/** Fewer say nothing. */
const COUNT_MIN = 10;

/** How long answers took: enough to tell how fast a server is and whether Nagle is at work. */
export class Latencies {
  #count = 0;
  #totalMs = 0;
  #near40Ms = 0;

  add(milliseconds: number): void {
    this.#count += 1;
    this.#totalMs += milliseconds;
    if (milliseconds >= 36 && milliseconds <= 50) this.#near40Ms += 1;
  }

  get count(): number {
    return this.#count;
  }

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
