/** What has a deadline; asked a few times within each. */
export interface Patient {
  /** @param now milliseconds on the clock of the `Patience` */
  checkDeadlines(now: number): void;
}

/**
 * One timer for all deadlines of a client, since a timer for each request
 * costs more than the request's parsing.
 *
 * Its clock stands still while this process does: a grader that was suspended
 * (Ctrl-Z, a closed laptop) must not blame the server for the time.
 */
export class Patience {
  readonly #intervalMs: number;
  readonly #patients = new Set<Patient>();
  #timer: NodeJS.Timeout | undefined;
  #lastTick = 0;
  #now = 0;

  /** @param shortestMs the shortest time that will be measured */
  constructor(shortestMs: number) {
    this.#intervalMs = Math.max(5, Math.min(100, shortestMs / 10));
  }

  /** Milliseconds, as of the last look at the real clock. */
  get now(): number {
    return this.#now;
  }

  add(patient: Patient): void {
    this.#patients.add(patient);
    if (this.#timer !== undefined) return;
    this.#lastTick = performance.now();
    this.#timer = setInterval(() => this.#tick(), this.#intervalMs);
    // Sockets keep the process alive for as long as there is something to wait for.
    this.#timer.unref();
  }

  remove(patient: Patient): void {
    this.#patients.delete(patient);
    if (this.#patients.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const tick = performance.now();
    this.#now += Math.min(tick - this.#lastTick, 2 * this.#intervalMs);
    this.#lastTick = tick;
    for (const patient of this.#patients) patient.checkDeadlines(this.#now);
  }
}
