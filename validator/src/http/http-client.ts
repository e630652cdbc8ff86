import type {Address} from '../server/server.ts';
import {ConnectGate} from './connect-gate.ts';
import {Dialect} from './dialect.ts';
import {
  type Answered,
  type Connection,
  DEFAULT_LIMITS,
  type ExchangeListener,
  type HttpLimits,
  type HttpRequest,
  type Outcome,
} from './exchange.ts';
import {Patience} from './patience.ts';
import type {Routes} from './routes.ts';
import {type ConnectionContext, TcpConnection} from './tcp-connection.ts';
import {UndiciConnection} from './undici-connection.ts';

export interface HttpClientOptions {
  /** Its address is asked for before each connection: it may change with each start. */
  readonly server: {readonly address: Address};
  /** Those that are missing are the contract's. */
  readonly routes?: Partial<Routes>;
  /** kv.yaml's `body`. @default raw */
  readonly body?: string;
  /** @default DEFAULT_LIMITS */
  readonly limits?: Partial<HttpLimits>;
  /**
   * Who reads the answers: `own` is about twice as fast; `undici` is there to
   * tell a server's fault from a fault of ours.
   * @default own
   */
  readonly transport?: Transport;
}

export type Transport = 'own' | 'undici';

/**
 * A client of one server on this machine. Neither proxies nor environment
 * variables have a say, and nothing is retried.
 */
export class HttpClient {
  readonly dialect: Dialect;
  readonly #context: ConnectionContext;
  readonly #transport: Transport;

  /** @throws UsageError if the routes or the body's form will not do */
  constructor(options: HttpClientOptions) {
    const limits = {...DEFAULT_LIMITS, ...options.limits};
    this.dialect = new Dialect(options.routes, options.body, limits);
    this.#transport = options.transport ?? 'own';
    const shortestMs = Math.min(limits.requestTimeoutMs, limits.silenceTimeoutMs);
    this.#context = {
      server: options.server,
      limits,
      patience: new Patience(shortestMs),
      gate: new ConnectGate(),
      connectionsOpened: 0,
    };
  }

  /** How many times a connection was accepted so far. */
  get connectionsOpened(): number {
    return this.#context.connectionsOpened;
  }

  /** A connection of its own, opened by its first request. Whoever asked for it closes it. */
  connection(): Connection {
    if (this.#transport === 'undici') return new UndiciConnection(this.#context);
    return new TcpConnection(this.#context);
  }

  /** The same with promises, for everything but the replay of long files. */
  connect(): ClientConnection {
    return new ClientConnection(this.connection(), this.dialect);
  }
}

/** One request after another over one connection. */
export class ClientConnection {
  readonly #connection: Connection;
  readonly #dialect: Dialect;

  constructor(connection: Connection, dialect: Dialect) {
    this.#connection = connection;
    this.#dialect = dialect;
  }

  put(key: string, value: string): Promise<Answered> {
    return this.send(this.#dialect.put(key, value));
  }

  get(key: string): Promise<Answered> {
    return this.send(this.#dialect.get(key));
  }

  delete(key: string): Promise<Answered> {
    return this.send(this.#dialect.delete(key));
  }

  scan(start: string, end: string): Promise<Answered> {
    return this.send(this.#dialect.scan(start, end));
  }

  /**
   * Any request at all.
   * @throws ServerFailure if no complete answer came
   * @throws GraderError if this machine is at fault
   */
  async send(request: HttpRequest): Promise<Answered> {
    const outcome = await this.exchange(request);
    if (outcome.kind === 'answered') return outcome;
    throw outcome.kind === 'lost' ? outcome.failure : outcome.error;
  }

  /** As `send`; but an answer that did not come is an outcome like others. */
  exchange(request: HttpRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const listener: ExchangeListener = {onSent: () => {}, onOutcome: resolve};
      this.#connection.exchange(request, listener);
    });
  }

  /** A request in flight ends as lost. */
  close(): void {
    this.#connection.close();
  }
}
