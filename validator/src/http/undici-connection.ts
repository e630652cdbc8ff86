import {Client, type Dispatcher, errors} from 'undici';
import {ServerFailure, type ServerFailureKind} from '../errors.ts';
import type {Connection, ExchangeListener, HttpRequest, Outcome} from './exchange.ts';
import type {Patient} from './patience.ts';
import {showBytes} from './show-bytes.ts';
import {connectFailure, machineTrouble} from './socket-error.ts';
import type {ConnectionContext} from './tcp-connection.ts';

/**
 * The same over a client that others wrote and many use: slower, but when a
 * server's answer is called wrong, it says whether that is our parser's doing.
 */
export class UndiciConnection implements Connection, Patient {
  readonly #context: ConnectionContext;
  #client: Client | undefined;
  #answersOnConnection = 0;
  #exchange: UndiciExchange | undefined;

  constructor(context: ConnectionContext) {
    this.#context = context;
  }

  exchange(request: HttpRequest, listener: ExchangeListener): void {
    if (this.#exchange !== undefined) throw new Error('a request is in flight already');
    const {limits, patience} = this.#context;
    patience.add(this);
    const bodyBytesMax = request.bodyBytesMax ?? limits.bodyBytesMax;
    this.#exchange = new UndiciExchange(patience.now, bodyBytesMax, listener, (exchange, error) => {
      this.#exchange = undefined;
      listener.onOutcome(this.#outcome(exchange, error));
    });
    const {method, path, body, contentType} = request;
    this.#client ??= this.#open();
    this.#client.dispatch(
      {
        method,
        path,
        // undici leaves the length out if there is no body at all.
        body: body === undefined ? null : Buffer.from(body, 'latin1'),
        ...(contentType === undefined ? {} : {headers: ['content-type', contentType]}),
      },
      this.#exchange,
    );
  }

  close(): void {
    this.#context.patience.remove(this);
    const client = this.#client;
    this.#client = undefined;
    client?.destroy().catch(() => {});
    this.#exchange?.lose('connection-closed', 'the validator gave up on this request');
  }

  checkDeadlines(now: number): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    const {requestTimeoutMs, silenceTimeoutMs} = this.#context.limits;
    const isOver = now - exchange.startedAt > requestTimeoutMs;
    exchange.noticeProgress(now);
    const isSilent = exchange.isAnswering && now - exchange.progressAt > silenceTimeoutMs;
    if (!isOver && !isSilent) return;
    const client = this.#client;
    this.#client = undefined;
    if (isSilent && !isOver) {
      exchange.lose('slow-body', `nothing more of the answer came within ${silenceTimeoutMs} ms`);
    } else if (exchange.isAnswering) {
      exchange.lose('slow-body', `the answer was not complete within ${requestTimeoutMs} ms`);
    } else {
      exchange.lose('hang', `no answer came within ${requestTimeoutMs} ms`);
    }
    client?.destroy().catch(() => {});
  }

  #open(): Client {
    const {server, limits} = this.#context;
    const {address} = server;
    const host = address.host.includes(':') ? `[${address.host}]` : address.host;
    const client = new Client(`http://${host}:${address.port}`, {
      pipelining: 1,
      maxHeaderSize: limits.headBytesMax,
      // Deadlines are kept by `Patience`.
      headersTimeout: 0,
      bodyTimeout: 0,
      connectTimeout: 0,
    });
    client.on('connect', () => {
      this.#context.connectionsOpened++;
      this.#answersOnConnection = 0;
    });
    return client;
  }

  #outcome(exchange: UndiciExchange, error: Error | undefined): Outcome {
    if (error === undefined) {
      this.#answersOnConnection++;
      return {kind: 'answered', status: exchange.status, body: exchange.body};
    }
    const {server, connectionsOpened} = this.#context;
    const {isSent} = exchange;
    if (error instanceof ServerFailure) {
      return {kind: 'lost', failure: error, sent: isSent, stale: false};
    }
    const trouble = machineTrouble(error, connectionsOpened);
    if (trouble !== undefined) return {kind: 'machine-trouble', error: trouble};
    if (!isSent) {
      const failure = connectFailure(error, server.address);
      return {kind: 'lost', failure, sent: false, stale: false};
    }
    const stale = this.#answersOnConnection > 0 && !exchange.isAnswering && isClosed(error);
    return {kind: 'lost', failure: sentFailure(error), sent: true, stale};
  }
}

/** One request, as undici reports on it. */
class UndiciExchange implements Dispatcher.DispatchHandler {
  readonly startedAt: number;
  readonly #bodyBytesMax: number;
  readonly #listener: ExchangeListener;
  readonly #settle: (exchange: UndiciExchange, error: Error | undefined) => void;
  progressAt: number;
  isSent = false;
  isAnswering = false;
  status = 0;
  body = '';
  #isSettled = false;
  #bytesNoticed = 0;

  constructor(
    startedAt: number,
    bodyBytesMax: number,
    listener: ExchangeListener,
    settle: (exchange: UndiciExchange, error: Error | undefined) => void,
  ) {
    this.startedAt = this.progressAt = startedAt;
    this.#bodyBytesMax = bodyBytesMax;
    this.#listener = listener;
    this.#settle = settle;
  }

  onRequestStart(): void {
    this.isSent = true;
    this.#listener.onSent();
  }

  onResponseStart(_controller: unknown, status: number): void {
    if (status < 200) return;
    this.isAnswering = true;
    this.status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isSettled) return;
    this.body += chunk.toString('latin1');
    if (this.body.length <= this.#bodyBytesMax) return;
    const problem = `the body has ${this.body.length} bytes or more; at most ${this.#bodyBytesMax} make sense here`;
    this.lose('body-too-long', problem);
    controller.abort(new Error('body too long'));
  }

  onResponseEnd(): void {
    this.#end(undefined);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#end(error);
  }

  noticeProgress(now: number): void {
    if (this.body.length === this.#bytesNoticed) return;
    this.#bytesNoticed = this.body.length;
    this.progressAt = now;
  }

  lose(kind: ServerFailureKind, message: string): void {
    const details = this.body === '' ? [] : [`the body begins ${showBytes(this.body)}`];
    this.#end(new ServerFailure(kind, message, details));
  }

  #end(error: Error | undefined): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#settle(this, error);
  }
}

function isClosed(error: Error): boolean {
  const {code} = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

function sentFailure(error: Error): ServerFailure {
  if (
    error instanceof errors.HTTPParserError ||
    error instanceof errors.HeadersOverflowError ||
    error instanceof errors.ResponseContentLengthMismatchError
  ) {
    const {data} = error as {data?: unknown};
    const details =
      typeof data === 'string' && data !== '' ? [`it stumbles at ${showBytes(data)}`] : [];
    return new ServerFailure('garbage', error.message, details);
  }
  return new ServerFailure('connection-closed', `no complete answer came (${error.message})`);
}
