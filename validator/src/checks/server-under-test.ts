/**
 * The server that a check works on: requests, starts and crashes, and the
 * ledger of what it must answer. Whatever it throws about the server carries
 * what a failure card needs.
 */
import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {GraderError, ServerFailure} from '../errors.ts';
import type {Dialect} from '../http/dialect.ts';
import type {Answered, HttpRequest, Lost, Outcome} from '../http/exchange.ts';
import type {ClientConnection} from '../http/http-client.ts';
import type {ServerControl} from '../server/server.ts';
import {closedWithoutNotice, notStartedAgain, refused, unanswered} from './common-failures.ts';
import {CheckFailure} from './failure.ts';
import {Latencies} from './latencies.ts';
import {Ledger, type Value} from './ledger.ts';
import type {OpenServer} from './open-server.ts';
import {isDurable, memtableEntriesMax} from './week-rules.ts';
import {wrongAnswer} from './wrong-answer.ts';

/** A connection breaks a moment before the end of its process is known. */
const EXIT_NOTICE_MS = 300;
/** Connections that may turn out closed without `Connection: close` (contract: lost answers). */
const STALE_MAX = 10;

export interface ServerUnderTestOptions {
  readonly week: number;
  /** Requests after its abort fail. */
  readonly signal: AbortSignal;
}

export class ServerUnderTest {
  readonly ledger: Ledger;
  readonly latencies = new Latencies();
  readonly #server: OpenServer;
  readonly #week: number;
  readonly #signal: AbortSignal;
  readonly #connections = new Set<ClientConnection>();
  #connection: ClientConnection | undefined;
  #startMs: number | undefined;
  #stops = 0;
  #uncleanStops = 0;
  #stale = 0;
  #replay = {answered: 0, elapsedMs: 0};

  constructor(server: OpenServer, {week, signal}: ServerUnderTestOptions) {
    this.#server = server;
    this.#week = week;
    this.#signal = signal;
    this.ledger = new Ledger({
      durable: isDurable(week),
      memtableEntriesMax: memtableEntriesMax(week),
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

  /** Times that a kept-open connection was found closed without notice. */
  get staleConnections(): number {
    return this.#stale;
  }

  /** Times that it had to be killed, since it did not end by SIGTERM. */
  get uncleanStops(): number {
    return this.#uncleanStops;
  }

  /** The server itself, for what drives it in its own way (a replay). */
  get open(): OpenServer {
    return this.#server;
  }

  /** Whether we have started it, on an empty data folder; otherwise it was only attached to. */
  get isOurs(): boolean {
    return this.#server.control !== undefined;
  }

  /** REQUIRES: the check needs `process` or `files`. */
  get control(): ServerControl {
    const {control} = this.#server;
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
      const startMs = await this.#server.control?.start();
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

  /** How requests are written for this server. */
  get dialect(): Dialect {
    return this.#server.client.dialect;
  }

  /** A further connection; stops and crashes close it. */
  connect(): ClientConnection {
    const connection = this.#server.client.connect();
    this.#connections.add(connection);
    return connection;
  }

  /** Closes all connections: a server may be able to serve only one at a time. */
  disconnect(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    this.#connection = undefined;
  }

  /** @throws CheckFailure unless it is acknowledged by a 2xx */
  async put(key: string, value: string): Promise<void> {
    const request = this.dialect.put(key, value);
    const answer = await this.send(request, () => this.ledger.wrote(key, value, 'unanswered'));
    if (!isSuccess(answer)) throw refused(request, answer);
    this.ledger.wrote(key, value, 'acknowledged');
  }

  async putAll(entries: Iterable<readonly [key: string, value: string]>): Promise<void> {
    for (const [key, value] of entries) await this.put(key, value);
  }

  /** Reads `key`, and fails unless the answer is one that the ledger permits. */
  async expect(key: string): Promise<void> {
    const request = this.dialect.get(key);
    const answer = await this.send(request);
    const value = this.#valueOf(answer);
    if (value === undefined || !this.ledger.permitted(key).includes(value)) {
      const {dialect, ledger} = this;
      const history = {week: this.#week, stops: this.#stops};
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
   * Sends one request on the usual connection; its answer may have any status.
   * If the connection turns out to have been closed before, it is counted, and
   * the request is sent once more.
   * @param onStale told about the first attempt, which may have had its effect
   * @throws CheckFailure if no complete answer came
   */
  async send(request: HttpRequest, onStale: () => void = () => {}): Promise<Answered> {
    this.#connection ??= this.connect();
    let outcome = await this.exchange(this.#connection, request);
    if (outcome.kind === 'lost' && outcome.stale) {
      this.countStale(outcome);
      onStale();
      outcome = await this.exchange(this.#connection, request);
    }
    if (outcome.kind === 'answered') return outcome;
    throw await this.diagnosed(request, outcome.failure);
  }

  /** One request, sent once. @throws GraderError if this machine is at fault */
  async exchange(connection: ClientConnection, request: HttpRequest): Promise<Answered | Lost> {
    this.#signal.throwIfAborted();
    const startedAt = performance.now();
    const outcome: Outcome = await connection.exchange(request);
    if (outcome.kind === 'machine-trouble') throw outcome.error;
    if (outcome.kind === 'answered') this.latencies.add(performance.now() - startedAt);
    return outcome;
  }

  /** @throws CheckFailure after too many of them */
  countStale(lost: Lost): void {
    this.#stale += 1;
    if (this.#stale > STALE_MAX) throw closedWithoutNotice(this.#stale, lost);
  }

  /** The failure of a request without an answer, with the reason if the process is gone. */
  async diagnosed(request: HttpRequest, failure: ServerFailure): Promise<CheckFailure> {
    const reason = await this.#server.control?.exitReasonWithin(EXIT_NOTICE_MS);
    return unanswered(request, failure, reason);
  }

  get isAlive(): boolean {
    return this.#server.control?.exitReason() === undefined;
  }

  /** @throws CheckFailure if it has ended by itself */
  assertAlive(): void {
    const reason = this.#server.control?.exitReason();
    if (reason === undefined) return;
    throw new CheckFailure({summary: `the server ${reason} by itself, after the last request`});
  }

  /** The last lines that it printed. */
  lastOutput(lines: number): readonly string[] {
    return this.#server.control?.lastOutput(lines) ?? [];
  }

  /** Makes everything that waits for the server fail soon. */
  abandon(): void {
    this.disconnect();
    this.#server.control?.kill().catch(() => {});
  }

  async dispose(): Promise<void> {
    this.disconnect();
    await this.#server.dispose();
  }
}

export function isSuccess({status}: Answered): boolean {
  return status >= 200 && status < 300;
}
