/** Crashes a server in the middle of writes. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {Lost} from '../http/exchange.ts';
import type {ClientConnection} from '../http/http-client.ts';
import type {KeyWrite} from './ledger.ts';
import type {ServerUnderTest} from './server-under-test.ts';

export interface Crash {
  /** Endless: there is always a request in flight. */
  readonly writes: Iterator<KeyWrite, undefined>;
  /** Writers, each on a connection of its own. */
  readonly connections: number;
  /** Acknowledged writes after which the server is killed. */
  readonly afterAnswers: number;
  /** From there to the kill, or what the kill waits for. */
  readonly delayMs: number | (() => Promise<void>);
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
  // The server may be able to serve one connection only.
  server.disconnect();
  const burst = new Burst(server, crash);
  const writers = Array.from({length: crash.connections}, () => burst.write(server.connect()));
  await Promise.all(writers);
  await burst.killed;
  server.killed();
  return burst.outcome;
}

class Burst {
  readonly #server: ServerUnderTest;
  readonly #crash: Crash;
  /** The crash, once it is on its way. */
  killed: Promise<void> | undefined;
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
  async write(connection: ClientConnection): Promise<void> {
    for (;;) {
      const {value: write} = this.#crash.writes.next();
      if (write === undefined || !(await this.#writeOne(connection, write))) return;
    }
  }

  /** @returns whether to go on */
  async #writeOne(connection: ClientConnection, [key, value]: KeyWrite): Promise<boolean> {
    const request = this.#server.writeRequest(key, value);
    const outcome = await this.#server.exchange(connection, request);
    if (outcome.kind === 'lost') {
      if (outcome.sent) this.#server.ledger.wrote(key, value, 'unanswered');
      if (this.killed === undefined) return this.#lostTooSoon(connection, [key, value], outcome);
      if (outcome.sent) this.#unanswered += 1;
      return false;
    }
    this.#server.wrote(key, value, outcome);
    this.#acknowledged += 1;
    if (this.#acknowledged === this.#crash.afterAnswers) this.killed = this.#killSoon();
    return true;
  }

  async #lostTooSoon(connection: ClientConnection, write: KeyWrite, lost: Lost): Promise<boolean> {
    const request = this.#server.writeRequest(...write);
    if (!lost.stale) throw await this.#server.diagnosed(request, lost.failure);
    await this.#server.countStale(request, lost);
    return this.#writeOne(connection, write);
  }

  async #killSoon(): Promise<void> {
    const {delayMs} = this.#crash;
    if (typeof delayMs === 'function') await delayMs();
    else if (delayMs > 0) await sleep(delayMs);
    await this.#server.control.kill();
  }
}
