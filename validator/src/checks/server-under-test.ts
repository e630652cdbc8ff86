/**
 * The server that a check works on: requests, starts and crashes, and the
 * ledger of what it must answer. Whatever it throws about the server carries
 * what a failure card needs.
 */
import {setTimeout as sleep} from 'node:timers/promises';
import {GraderError, ServerFailure} from '../errors.ts';
import type {Answered, HttpRequest} from '../http/exchange.ts';
import {byItself} from '../server/disk-guard.ts';
import type {ServerControl} from '../server/server.ts';
import {notStartedAgain, refused} from './common-failures.ts';
import {CheckFailure} from './failure.ts';
import {permittedScan} from './judge-scan.ts';
import {type KeyWrite, Ledger, type Value} from './ledger.ts';
import type {OpenServer} from './open-server.ts';
import {ServerRequests} from './server-requests.ts';
import {isDurable, thresholds} from './week-rules.ts';
import {wrongAnswer} from './wrong-answer.ts';

export interface ServerUnderTestOptions {
  /** The week that is graded. */
  readonly week: number;
  /** Writes survive a stop as they had to in this week: that of the check. @default `week` */
  readonly weekOfDurability?: number;
  /** Requests after its abort fail. */
  readonly signal: AbortSignal;
}

export class ServerUnderTest extends ServerRequests {
  readonly ledger: Ledger;
  /** The week that is graded. */
  readonly week: number;
  readonly #signal: AbortSignal;
  #startMs: number | undefined;
  #stops = 0;
  #uncleanStops = 0;
  #replay = {answered: 0, elapsedMs: 0};

  constructor(server: OpenServer, options: ServerUnderTestOptions) {
    const {week, weekOfDurability = week, signal} = options;
    super(server, signal);
    this.week = week;
    this.#signal = signal;
    this.ledger = new Ledger({
      durable: isDurable(weekOfDurability),
      recovers: isDurable(week),
      ...thresholds(week),
    });
  }

  get requestsAnswered(): number {
    return this.latencies.count + this.#replay.answered;
  }

  /** How long it was waited for answers. */
  get busyMs(): number {
    return this.latencies.totalMs + this.#replay.elapsedMs;
  }

  /** What a replay, which has its own connections, has done so far. */
  replayed(replay: {readonly answered: number; readonly elapsedMs: number}): void {
    this.#replay = replay;
  }

  /** Times that it had to be killed, since it did not end by SIGTERM. */
  get uncleanStops(): number {
    return this.#uncleanStops;
  }

  /** Whether we have started it, on an empty data folder; otherwise it was only attached to. */
  get isOurs(): boolean {
    return this.open.control !== undefined;
  }

  /** REQUIRES: the check needs `process` or `files`. */
  get control(): ServerControl {
    const {control} = this.open;
    if (control === undefined) throw new GraderError('this check needs a server that it can stop');
    return control;
  }

  /** How long its first start took; undefined if it was only attached to, or did not start. */
  get startMs(): number | undefined {
    return this.#startMs;
  }

  /**
   * Starts the server, unless it was only attached to.
   * @throws ServerFailure if it does not start; CheckFailure if it has started before
   */
  async start(): Promise<void> {
    this.#signal.throwIfAborted();
    try {
      const startMs = await this.open.control?.start();
      this.#startMs ??= startMs;
    } catch (error) {
      if (!(error instanceof ServerFailure) || this.#stops === 0) throw error;
      throw notStartedAgain(error, this.ledger.events());
    }
  }

  /** Stops it by SIGTERM and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    this.disconnect();
    const {clean} = await this.control.stop();
    if (!clean) this.#uncleanStops += 1;
    this.#stopped('RESTART');
  }

  /** Crashes it: SIGKILL to its whole tree. */
  async kill(): Promise<void> {
    await this.control.kill();
    this.killed();
  }

  /** Records that it was killed: for whoever did it through `control`. */
  killed(): void {
    this.disconnect();
    this.#stopped('KILL');
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /**
   * Starts it and crashes it a moment later, ready or not.
   * REQUIRES: it is down
   */
  async killWhileItStarts(delayMs: number): Promise<void> {
    this.#signal.throwIfAborted();
    const started = this.control.start().then(
      () => {},
      (error: unknown) => {
        // That it was ended while it was starting is what was wanted.
        if (!(error instanceof GraderError)) throw error;
      },
    );
    await Promise.all([started, sleep(delayMs).then(() => this.control.kill())]);
    // Too early for a process to be killed; now there is one.
    if (this.control.isUp) await this.control.kill();
    this.#stopped('KILL');
  }

  #stopped(event: 'RESTART' | 'KILL'): void {
    this.#stops += 1;
    this.ledger.stopped(event);
  }

  /** @throws CheckFailure unless it is acknowledged */
  async put(key: string, value: string): Promise<void> {
    await this.#write(key, value);
  }

  /** @throws CheckFailure unless it is acknowledged */
  async delete(key: string): Promise<void> {
    await this.#write(key, null);
  }

  async #write(key: string, value: Value): Promise<void> {
    const request = this.writeRequest(key, value);
    const answer = await this.send(request, () => this.ledger.wrote(key, value, 'unanswered'));
    this.wrote(key, value, answer);
  }

  /** A PUT, or a DELETE if `value` is null. */
  writeRequest(key: string, value: Value): HttpRequest {
    return value === null ? this.dialect.delete(key) : this.dialect.put(key, value);
  }

  /**
   * Records a write that was answered. A DELETE of a key that may be absent may
   * be answered with 404 too.
   * @throws CheckFailure unless it is acknowledged
   */
  wrote(key: string, value: Value, answer: Answered): void {
    const mayBeAbsent = value === null && this.ledger.permitted(key).includes(null);
    if (!isSuccess(answer) && !(mayBeAbsent && answer.status === 404)) {
      const request = this.writeRequest(key, value);
      const about = value === null ? {key, life: this.ledger.life(key)} : {};
      throw refused(request, answer, {mayBeAbsent, ...about});
    }
    this.ledger.wrote(key, value, 'acknowledged');
  }

  async putAll(entries: Iterable<readonly [key: string, value: string]>): Promise<void> {
    for (const [key, value] of entries) await this.put(key, value);
  }

  async deleteAll(keys: Iterable<string>): Promise<void> {
    for (const key of keys) await this.delete(key);
  }

  /** PUTs and DELETEs, one after another. */
  async writeAll(writes: Iterable<KeyWrite>): Promise<void> {
    for (const [key, value] of writes) await this.#write(key, value);
  }

  /** Reads `key`, and fails unless the answer is one that the ledger permits. */
  async expect(key: string): Promise<void> {
    const request = this.dialect.get(key);
    const answer = await this.send(request);
    const value = this.#valueOf(answer);
    if (value === undefined || !this.ledger.permitted(key).includes(value)) {
      const {dialect, ledger} = this;
      const history = {week: this.week, stops: this.#stops};
      throw wrongAnswer({key, request, answer, codec: dialect.codec, ledger, ...history});
    }
    this.ledger.observed(key, value);
  }

  async expectAll(keys: Iterable<string>): Promise<void> {
    for (const key of keys) await this.expect(key);
  }

  /** Undefined if it is neither a value nor an absence. */
  #valueOf({status, body}: Answered): Value | undefined {
    if (status === 404) return null;
    return status === 200 ? this.dialect.codec.decode(body) : undefined;
  }

  /**
   * Scans [start, end), and fails unless the keys are those that the ledger
   * permits, in ascending order, each once.
   */
  async expectScan(start: string, end: string): Promise<void> {
    const request = this.dialect.scan(start, end);
    const answer = await this.send(request);
    const {ledger} = this;
    ledger.scanned(start, end, permittedScan({start, end, request, answer, ledger}));
  }

  /** @throws CheckFailure if it has ended by itself */
  assertAlive(): void {
    const reason = this.open.control?.exitReason();
    if (reason === undefined) return;
    throw new CheckFailure({
      summary: `the server ${reason}${byItself(reason)}, after the last request`,
    });
  }

  /** The last lines that it printed. */
  lastOutput(lines: number): readonly string[] {
    return this.open.control?.lastOutput(lines) ?? [];
  }

  /** Makes everything that waits for the server fail soon. */
  abandon(): void {
    this.disconnect();
    this.open.control?.kill().catch(() => {});
  }

  /** @param look at its data folder, once it is down; nothing if it is not ours */
  async dispose(look?: (dataDir: string) => Promise<void>): Promise<void> {
    this.disconnect();
    await this.open.dispose(look);
  }
}

function isSuccess({status}: Answered): boolean {
  return status >= 200 && status < 300;
}
