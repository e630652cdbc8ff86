/**
 * The server that a check works on: requests, starts and crashes, and the
 * ledger of what it must answer. Whatever it throws about the server carries
 * what a failure card needs.
 */
import {performance} from 'node:perf_hooks';
import {GraderError, ServerFailure} from '../errors.ts';
import type {ServerControl} from '../server/server.ts';
import {isDurable, memtableEntriesMax} from './check.ts';
import {CheckFailure, type Failure} from './failure.ts';
import {Latencies} from './latencies.ts';
import {Ledger, type Value} from './ledger.ts';
import {showPermitted, showReply} from './show-value.ts';
import type {Connection, OpenServer, Reply, Request} from './transport.ts';

/** A connection breaks a moment before the end of its process is known. */
const EXIT_NOTICE_MS = 300;

export interface ServerUnderTestOptions {
  readonly week: number;
  readonly signal: AbortSignal;
}

export class ServerUnderTest {
  readonly ledger: Ledger;
  readonly latencies = new Latencies();
  readonly #server: OpenServer;
  readonly #week: number;
  readonly #signal: AbortSignal;
  readonly #connections = new Set<Connection>();
  #connection: Connection | undefined;
  #stops = 0;

  constructor(server: OpenServer, options: ServerUnderTestOptions) {
    this.#server = server;
    this.#week = options.week;
    this.#signal = options.signal;
    this.ledger = new Ledger({
      durable: isDurable(options.week),
      memtableEntriesMax: memtableEntriesMax(options.week),
    });
  }

  get requestsAnswered(): number {
    return this.latencies.count;
  }

  /** The seam underneath, for what drives the server by itself (a replay). */
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

  /** Starts the server, unless it was only attached to. @throws ServerFailure */
  async start(): Promise<void> {
    this.#signal.throwIfAborted();
    await this.#server.control?.start();
  }

  /** Stops it by SIGTERM and starts it again. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    this.#closeConnections();
    await this.control.stop();
    this.#stopped('RESTART');
  }

  /** Crashes it: SIGKILL to its whole tree. */
  async kill(): Promise<void> {
    await this.control.kill();
    this.killed();
  }

  /** Records that it was killed: for whoever did it through `control`. */
  killed(): void {
    this.#closeConnections();
    this.#stopped('KILL');
  }

  async killAndStart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  #stopped(event: 'RESTART' | 'KILL'): void {
    this.#stops += 1;
    this.ledger.stopped(event);
  }

  /** A further connection; `stop`, `kill` and the end of the check close it. */
  connect(): Connection {
    const connection = this.#server.connect();
    this.#connections.add(connection);
    return connection;
  }

  /** @throws CheckFailure unless acknowledged by a 2xx */
  async put(key: string, value: string): Promise<void> {
    const reply = await this.send({method: 'PUT', key, value});
    if (!isSuccess(reply.status)) throw this.refused({method: 'PUT', key, value}, reply);
    this.ledger.wrote(key, value, 'acknowledged');
  }

  async putAll(entries: Iterable<readonly [key: string, value: string]>): Promise<void> {
    for (const [key, value] of entries) await this.put(key, value);
  }

  /** Reads `key`, and fails unless the answer is one that the ledger permits. */
  async expect(key: string): Promise<Value> {
    const reply = await this.send({method: 'GET', key});
    const permitted = this.ledger.permitted(key);
    const value = permitted.find((candidate) => isReply(reply, candidate));
    if (value === undefined) throw this.#wrongAnswer(key, permitted, reply);
    this.ledger.observed(key, value);
    return value;
  }

  async expectAll(keys: Iterable<string>): Promise<void> {
    for (const key of keys) await this.expect(key);
  }

  /**
   * Sends one request and returns its answer, whatever its status.
   * @throws CheckFailure if no complete answer came
   */
  async send(request: Request): Promise<Reply> {
    this.#connection ??= this.connect();
    try {
      return await this.sendOn(this.#connection, request);
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      throw await this.diagnosed(request, error);
    }
  }

  /** As `send` on another connection. @throws ServerFailure as it is: it may have been killed by us */
  async sendOn(connection: Connection, request: Request): Promise<Reply> {
    this.#signal.throwIfAborted();
    const started = performance.now();
    const reply = await connection.send(request);
    this.latencies.add(performance.now() - started);
    return reply;
  }

  /**
   * Sends a request that is not valid, on a connection of its own.
   * @returns undefined if the connection was closed without an answer
   * @throws CheckFailure for anything worse
   */
  async sendBad(request: Request): Promise<Reply | undefined> {
    // First close the usual connection: the server may be able to serve one only.
    this.#closeConnections();
    try {
      return await this.sendOn(this.connect(), request);
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      const diagnosis = await this.diagnosed(request, error);
      if (error.kind === 'connection-closed' && this.isAlive) return undefined;
      throw diagnosis;
    } finally {
      this.#closeConnections();
    }
  }

  /** The failure of a request without an answer, with the reason if the process is gone. */
  async diagnosed(request: Request, error: ServerFailure): Promise<CheckFailure> {
    const reason = await this.#server.control?.exitReasonWithin(EXIT_NOTICE_MS);
    const summary = reason === undefined ? error.message : `the server ended by itself: ${reason}`;
    return new CheckFailure({
      ...this.#context(request),
      summary,
      expected: 'a complete answer',
      got: error.message,
      details: error.details,
    });
  }

  /** The failure of a request that should have been accepted. */
  refused(request: Request, reply: Reply): CheckFailure {
    return new CheckFailure({
      ...this.#context(request),
      summary: `${request.method} was refused with ${reply.status}`,
      expected: 'any 2xx',
      got: showReply(reply),
    });
  }

  #wrongAnswer(key: string, permitted: readonly Value[], reply: Reply): CheckFailure {
    const only = permitted.length === 1 ? permitted[0] : undefined;
    const isComparable = typeof only === 'string' && reply.status === 200;
    return new CheckFailure({
      ...this.#context({method: 'GET', key}),
      summary: this.#describeWrong(key, permitted, reply),
      expected: showPermitted(permitted),
      got: showReply(reply),
      ...(isComparable ? {difference: {expected: only, got: reply.value}} : {}),
      life: this.ledger.life(key),
      invariant: this.#invariant(),
    });
  }

  #describeWrong(key: string, permitted: readonly Value[], reply: Reply): string {
    if (reply.status !== 200 && reply.status !== 404) return `GET answered ${reply.status}`;
    if (!this.ledger.has(key)) return 'a key that was never written was found';
    if (reply.status === 200) {
      return permitted.includes(null) ? 'an impossible value was read' : 'a wrong value was read';
    }
    return this.#stops > 0 ? 'a value was lost' : 'a written key was not found';
  }

  #invariant(): string {
    if (this.#stops === 0) {
      return 'A GET answers the value of the last acknowledged PUT of its key; a key never written is absent.';
    }
    if (isDurable(this.#week)) return 'What was acknowledged survives any stop and any crash.';
    return 'What was flushed survives a stop: only what was still in the memtable may be lost.';
  }

  #context(request: Request): Pick<Failure, 'request' | 'key'> {
    const body = request.value === undefined ? '' : `\n${request.value}`;
    const line = `${request.method} ${this.#server.pathOf(request)}`;
    return {request: `${line}${body}`, key: request.key};
  }

  get isAlive(): boolean {
    return this.#server.control?.exitReason() === undefined;
  }

  /** @throws ServerFailure if it has ended by itself */
  assertAlive(): void {
    if (this.isAlive) return;
    const reason = this.#server.control?.exitReason();
    throw new ServerFailure('exited', `the server ended by itself: ${reason}`);
  }

  /** The last lines that it printed. */
  lastOutput(lines: number): readonly string[] {
    return this.#server.control?.lastOutput(lines) ?? [];
  }

  /** Makes everything that waits for the server fail soon. */
  abandon(): void {
    this.#closeConnections();
    this.#server.control?.kill().catch(() => {});
  }

  async dispose(): Promise<void> {
    this.#closeConnections();
    await this.#server.dispose();
  }

  #closeConnections(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    this.#connection = undefined;
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function isReply(reply: Reply, value: Value): boolean {
  if (value === null) return reply.status === 404;
  return reply.status === 200 && reply.value === value;
}
