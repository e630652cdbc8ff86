/**
 * What a check sends to its server: over connections that end with the server,
 * each request once, and with a diagnosis of those that are not answered.
 */
import type {ServerFailure} from '../errors.ts';
import type {Dialect} from '../http/dialect.ts';
import type {Answered, HttpRequest, Lost, Outcome} from '../http/exchange.ts';
import type {ClientConnection} from '../http/http-client.ts';
import {probe} from '../server/probe.ts';
import {closedWithoutNotice, unanswered} from './common-failures.ts';
import type {CheckFailure} from './failure.ts';
import {Latencies} from './latencies.ts';
import type {OpenServer} from './open-server.ts';

/** A connection breaks a moment before the end of its process is known. */
const EXIT_NOTICE_MS = 300;
/** Connections that may turn out closed without `Connection: close` (contract: lost answers). */
const STALE_MAX = 10;
/** Of letters, as all keys are, and in no check's or fixture's use. */
const NEVER_WRITTEN = 'kvisready';
/** Ample for a server that accepts the connection at all. */
const SECOND_CONNECTION_MS = 1_000;

export class ServerRequests {
  /** The server itself, for what drives it in its own way (a replay). */
  readonly open: OpenServer;
  readonly latencies = new Latencies();
  readonly #signal: AbortSignal;
  readonly #connections = new Set<ClientConnection>();
  /** Those on which `send` waits for no answer: one, unless it was called several times at once. */
  #idle: ClientConnection[] = [];
  #servesSeveral: Promise<boolean> | undefined;
  #stale = 0;

  /** @param signal requests after its abort fail */
  constructor(open: OpenServer, signal: AbortSignal) {
    this.open = open;
    this.#signal = signal;
  }

  /** How requests are written for this server. */
  get dialect(): Dialect {
    return this.open.client.dialect;
  }

  /** Times that a kept-open connection was found closed without notice. */
  get staleConnections(): number {
    return this.#stale;
  }

  get isAlive(): boolean {
    return this.open.control?.exitReason() === undefined;
  }

  /** A further connection; stops and crashes close it. */
  connect(): ClientConnection {
    const connection = this.open.client.connect();
    this.#connections.add(connection);
    return connection;
  }

  /** Closes all connections: a server may be able to serve only one at a time. */
  disconnect(): void {
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
    this.#idle = [];
  }

  /** Whether it answers on a second connection while the first one is open. Asked once. */
  servesSeveral(): Promise<boolean> {
    this.#servesSeveral ??= this.#asksOnTwo();
    return this.#servesSeveral;
  }

  async #asksOnTwo(): Promise<boolean> {
    const request = this.dialect.get(NEVER_WRITTEN);
    await this.send(request);
    const {kind} = await probe(this.open.address, request.path, SECOND_CONNECTION_MS);
    return kind === 'answered';
  }

  /**
   * Sends one request; its answer may have any status. One request after another
   * goes over one connection; those that wait at the same time have each their own.
   * If the connection turns out to have been closed before, it is counted, and
   * the request is sent once more.
   * @param onStale told about the first attempt, which may have had its effect
   * @throws CheckFailure if no complete answer came
   */
  async send(request: HttpRequest, onStale: () => void = () => {}): Promise<Answered> {
    const connection = this.#idle.pop() ?? this.connect();
    let outcome = await this.exchange(connection, request);
    if (outcome.kind === 'lost' && outcome.stale) {
      await this.countStale(request, outcome);
      onStale();
      outcome = await this.exchange(connection, request);
    }
    if (this.#connections.has(connection)) this.#idle.push(connection);
    if (outcome.kind === 'answered') return outcome;
    throw await this.diagnosed(request, outcome.failure);
  }

  /** One request, sent once. @throws GraderError if this machine is at fault */
  async exchange(connection: ClientConnection, request: HttpRequest): Promise<Answered | Lost> {
    this.#signal.throwIfAborted();
    const ended = this.latencies.start();
    const outcome: Outcome = await connection.exchange(request);
    ended(outcome.kind === 'answered');
    if (outcome.kind === 'machine-trouble') throw outcome.error;
    return outcome;
  }

  /**
   * A kept-open connection was found closed: the request may be sent once more.
   * @throws CheckFailure if the server is gone, or after too many of them
   */
  async countStale(request: HttpRequest, lost: Lost): Promise<void> {
    const diagnosis = await this.diagnosed(request, lost.failure);
    if (!this.isAlive) throw diagnosis;
    this.#stale += 1;
    if (this.#stale > STALE_MAX) throw closedWithoutNotice(this.#stale, lost);
  }

  /** The failure of a request without an answer, with the reason if the process is gone. */
  async diagnosed(request: HttpRequest, failure: ServerFailure): Promise<CheckFailure> {
    const reason = await this.open.control?.exitReasonWithin(EXIT_NOTICE_MS);
    return unanswered(request, failure, reason);
  }
}
