/** Crashes a server in the middle of writes. */
import {setTimeout as sleep} from 'node:timers/promises';
import {ServerFailure} from '../errors.ts';
import type {ServerUnderTest} from './server-under-test.ts';
import type {Connection} from './transport.ts';

export interface Crash {
  /** More than will be sent: there is always a request in flight. */
  readonly writes: Iterator<readonly [key: string, value: string]>;
  /** Writers, each on a connection of its own. */
  readonly connections: number;
  /** Acknowledged writes after which the server is killed. */
  readonly afterAnswers: number;
  /** A moment longer, in milliseconds. */
  readonly delayMs: number;
}

export interface CrashOutcome {
  readonly acknowledged: number;
  /** Sent, but cut off by the crash: they may or may not have happened. */
  readonly unanswered: number;
}

/**
 * Writes on several connections at once, and kills the server after so many
 * answers, while others are on their way. The server is down afterwards.
 *
 * REQUIRES: no two of the writes have the same key.
 */
export async function crashDuring(server: ServerUnderTest, crash: Crash): Promise<CrashOutcome> {
  const burst = new Burst(server, crash);
  const writers = Array.from({length: crash.connections}, () => burst.write(server.connect()));
  await Promise.all(writers);
  await burst.killed();
  return burst.outcome;
}

class Burst {
  readonly #server: ServerUnderTest;
  readonly #crash: Crash;
  #kill: Promise<void> | undefined;
  #acknowledged = 0;
  #unanswered = 0;

  constructor(server: ServerUnderTest, crash: Crash) {
    this.#server = server;
    this.#crash = crash;
  }

  get outcome(): CrashOutcome {
    return {acknowledged: this.#acknowledged, unanswered: this.#unanswered};
  }

  /** Writes one after another until the server is gone. */
  async write(connection: Connection): Promise<void> {
    for (;;) {
      const next = this.#crash.writes.next();
      if (next.done === true || !(await this.#writeOne(connection, ...next.value))) return;
    }
  }

  /** @returns whether to go on */
  async #writeOne(connection: Connection, key: string, value: string): Promise<boolean> {
    const request = {method: 'PUT', key, value} as const;
    const {ledger} = this.#server;
    try {
      const reply = await this.#server.sendOn(connection, request);
      if (reply.status < 200 || reply.status > 299) throw this.#server.refused(request, reply);
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      if (this.#kill === undefined) throw await this.#server.diagnosed(request, error);
      this.#unanswered += 1;
      ledger.wrote(key, value, 'unanswered');
      return false;
    }
    this.#acknowledged += 1;
    ledger.wrote(key, value, 'acknowledged');
    if (this.#acknowledged === this.#crash.afterAnswers) this.#kill = this.#killSoon();
    return true;
  }

  async #killSoon(): Promise<void> {
    if (this.#crash.delayMs > 0) await sleep(this.#crash.delayMs);
    await this.#server.control.kill();
  }

  /** The process is gone and every write has been recorded. */
  async killed(): Promise<void> {
    await (this.#kill ?? this.#server.control.kill());
    this.#server.killed();
  }
}
