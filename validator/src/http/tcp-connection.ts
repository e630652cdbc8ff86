import {connect, type Socket} from 'node:net';
import {ServerFailure, type ServerFailureKind} from '../errors.ts';
import type {Address} from '../server/server.ts';
import type {ConnectGate} from './connect-gate.ts';
import type {Connection, ExchangeListener, HttpLimits, HttpRequest, Outcome} from './exchange.ts';
import type {Patience, Patient} from './patience.ts';
import {encodeRequest, hostHeader} from './request-bytes.ts';
import {ResponseProblem} from './response-head.ts';
import {ResponseParser, withoutLineEnds} from './response-parser.ts';
import {showBytes} from './show-bytes.ts';
import {connectFailure, machineTrouble} from './socket-error.ts';

/**
 * One for all reads of all connections, for each is taken out of it before the
 * next one: saves an allocation of 64 KiB for each answer, and 32 for each connection.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(32 * 1024);
const STRAY_BYTES_KEPT = 1_000;
/**
 * How long a server that said `Connection: close` may take to do so. The side
 * that closes first keeps the port for a minute; if that were us, thirty
 * thousand requests would use up all ports.
 */
const LINGER_MS = 250;
/** After so many times in vain it is not waited for any more. */
const LINGERS_IN_VAIN_MAX = 3;

/** What the connections of one client share. */
export interface ConnectionContext {
  /** Asked before each connection: a server may have another port after each start. */
  readonly server: {readonly address: Address};
  readonly limits: HttpLimits;
  readonly patience: Patience;
  readonly gate: ConnectGate;
  /** Counted here. */
  connectionsOpened: number;
}

/** A connection over node:net with a parser of our own. */
export class TcpConnection implements Connection, Patient {
  readonly #context: ConnectionContext;
  readonly #parser: ResponseParser;

  #address: Address;
  #hostHeader = '';
  #socket: Socket | undefined;
  #isConnected = false;
  /** The server announced that it would close the connection: nothing more may be sent. */
  #isClosing = false;
  #answersOnSocket = 0;
  /** What came while no answer was due. */
  #stray = '';
  #lingerTimer: NodeJS.Timeout | undefined;
  #lingersInVain = 0;
  #gate: 'outside' | 'waiting' | 'inside' = 'outside';

  // The request in flight; `#listener` is undefined when there is none.
  #listener: ExchangeListener | undefined;
  #wire = '';
  #isSent = false;
  #firstBytes = '';
  #startedAt = 0;
  #lastByteAt = 0;

  constructor(context: ConnectionContext) {
    this.#context = context;
    this.#address = context.server.address;
    this.#parser = new ResponseParser(context.limits.headBytesMax);
  }

  exchange(request: HttpRequest, listener: ExchangeListener): void {
    if (this.#listener !== undefined) throw new Error('a request is in flight already');
    const {limits, patience} = this.#context;
    // Stays until `close`: nothing is added and removed for each request.
    patience.add(this);
    if (this.#socket === undefined) this.#lookUpAddress();
    this.#wire = encodeRequest(request, this.#hostHeader);
    this.#listener = listener;
    this.#isSent = false;
    this.#firstBytes = '';
    this.#parser.begin(request.method === 'HEAD', request.bodyBytesMax ?? limits.bodyBytesMax);
    this.#startedAt = this.#lastByteAt = patience.now;
    if (this.#stray !== '') setImmediate(() => this.#failOnStray());
    else if (this.#socket === undefined) this.#open();
    else if (this.#isClosing) this.#linger(this.#socket);
    else if (this.#isConnected) this.#write(this.#socket);
  }

  close(): void {
    this.#forgetSocket()?.destroy();
    this.#context.patience.remove(this);
    this.#stray = '';
    if (this.#listener === undefined) return;
    this.#lose('connection-closed', 'the validator gave up on this request');
  }

  checkDeadlines(now: number): void {
    if (this.#listener === undefined) return;
    const {requestTimeoutMs, silenceTimeoutMs} = this.#context.limits;
    const isAnswering = this.#parser.bytesReceived > 0;
    if (isAnswering && now - this.#lastByteAt > silenceTimeoutMs) {
      const silence = `nothing more of the answer came within ${silenceTimeoutMs} ms`;
      this.#giveUp('slow-body', `${silence}: ${this.#parser.describeStall()}`);
    } else if (now - this.#startedAt <= requestTimeoutMs) {
      return;
    } else if (isAnswering) {
      this.#giveUp('slow-body', `the answer was not complete within ${requestTimeoutMs} ms`);
    } else if (this.#isSent) {
      this.#giveUp('hang', `no answer came within ${requestTimeoutMs} ms`);
    } else {
      this.#giveUp('hang', `no connection was accepted within ${requestTimeoutMs} ms`);
    }
  }

  #lookUpAddress(): void {
    this.#address = this.#context.server.address;
    this.#hostHeader = hostHeader(this.#address);
  }

  #open(): void {
    this.#gate = 'waiting';
    const {gate} = this.#context;
    gate.enter(() => {
      if (this.#gate !== 'waiting') {
        // The request was given up meanwhile.
        gate.leave();
        return;
      }
      this.#gate = 'inside';
      this.#connect();
    });
  }

  #leaveGate(): void {
    const wasInside = this.#gate === 'inside';
    this.#gate = 'outside';
    if (wasInside) this.#context.gate.leave();
  }

  #connect(): void {
    const {host, port} = this.#address;
    const socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length) => {
          this.#onBytes(socket, READ_BUFFER.toString('latin1', 0, length));
          return true;
        },
      },
    });
    this.#socket = socket;
    this.#isConnected = false;
    this.#isClosing = false;
    this.#answersOnSocket = 0;
    socket.on('connect', () => this.#onConnect(socket));
    socket.on('end', () => this.#onEnd(socket));
    socket.on('error', (error) => this.#onError(socket, error));
    socket.on('close', () => this.#onClose(socket));
  }

  #onConnect(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#isConnected = true;
    this.#context.connectionsOpened++;
    if (this.#listener !== undefined) this.#write(socket);
  }

  #write(socket: Socket): void {
    this.#isSent = true;
    // One write, so that neither Nagle nor a delayed ACK can come between its parts.
    socket.write(this.#wire, 'latin1');
    this.#listener?.onSent();
  }

  /** The server has yet to close the connection, as it said that it would. */
  #linger(socket: Socket): void {
    const waitMs = this.#lingersInVain < LINGERS_IN_VAIN_MAX ? LINGER_MS : 0;
    this.#lingerTimer = setTimeout(() => {
      this.#lingersInVain++;
      // A reset keeps no port occupied.
      socket.resetAndDestroy();
    }, waitMs);
  }

  #onBytes(socket: Socket, text: string): void {
    if (socket !== this.#socket) return;
    if (this.#listener === undefined || !this.#isSent) {
      this.#onStray(text);
      return;
    }
    this.#lastByteAt = this.#context.patience.now;
    if (this.#firstBytes === '') this.#firstBytes = text;
    let isComplete: boolean;
    try {
      isComplete = this.#parser.push(text);
    } catch (error) {
      if (!(error instanceof ResponseProblem)) throw error;
      this.#giveUp(error.kind, error.message);
      return;
    }
    if (isComplete) this.#complete();
  }

  #complete(): void {
    const {surplus, keepAlive, status, body} = this.#parser;
    // Before a close it is of no consequence, and may come too late to be seen.
    if (surplus !== '' && keepAlive) {
      const bytes = `${surplus.length} bytes (${showBytes(surplus, 40)})`;
      this.#giveUp('garbage', `${bytes} came behind the end of the answer: is its length right?`);
      return;
    }
    this.#answersOnSocket++;
    this.#isClosing = !keepAlive;
    this.#settle({kind: 'answered', status, body});
  }

  #onStray(text: string): void {
    const stray = withoutLineEnds(text);
    if (stray === '' || this.#isClosing) return;
    this.#stray = stray.slice(0, STRAY_BYTES_KEPT);
    this.#forgetSocket()?.destroy();
    if (this.#listener !== undefined) setImmediate(() => this.#failOnStray());
  }

  #failOnStray(): void {
    if (this.#listener === undefined) return;
    this.#firstBytes = this.#stray;
    this.#stray = '';
    this.#lose(
      'garbage',
      'bytes came when no answer was due: is the length of the last one right?',
    );
  }

  #onEnd(socket: Socket): void {
    if (socket !== this.#socket) return;
    if (this.#listener === undefined || this.#isClosing) this.#onClose(socket);
    else if (this.#isSent && this.#parser.end()) this.#complete();
    else this.#onBroken('closed');
  }

  #onError(socket: Socket, error: NodeJS.ErrnoException): void {
    if (socket !== this.#socket) return;
    if (this.#listener === undefined || this.#isClosing) return;
    if (this.#isConnected) {
      this.#onBroken(`broken off (${error.code ?? error.message})`);
      return;
    }
    this.#forgetSocket();
    const trouble = machineTrouble(error, this.#context.connectionsOpened);
    if (trouble !== undefined) this.#settle({kind: 'machine-trouble', error: trouble});
    else this.#loseWith(connectFailure(error, this.#address), false);
  }

  #onBroken(how: string): void {
    const {bytesReceived} = this.#parser;
    const isStale = this.#answersOnSocket > 0 && bytesReceived === 0;
    const where = bytesReceived === 0 ? 'before any answer' : this.#parser.describeProgress();
    this.#forgetSocket()?.destroy();
    this.#lose('connection-closed', `the connection was ${how} ${where}`, isStale);
  }

  #onClose(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#forgetSocket();
    // Only now may the request that waited for the end of the last connection go.
    if (this.#listener !== undefined) this.#open();
  }

  #forgetSocket(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isConnected = false;
    this.#isClosing = false;
    clearTimeout(this.#lingerTimer);
    this.#lingerTimer = undefined;
    return socket;
  }

  /** The connection cannot be used any more. */
  #giveUp(kind: ServerFailureKind, message: string): void {
    this.#forgetSocket()?.destroy();
    this.#lose(kind, message);
  }

  #lose(kind: ServerFailureKind, message: string, stale = false): void {
    const first = this.#firstBytes;
    const details = first === '' ? [] : [`the answer begins ${showBytes(first)}`];
    this.#loseWith(new ServerFailure(kind, message, details), stale);
  }

  #loseWith(failure: ServerFailure, stale: boolean): void {
    this.#settle({kind: 'lost', failure, sent: this.#isSent, stale});
  }

  #settle(outcome: Outcome): void {
    const listener = this.#listener;
    this.#listener = undefined;
    if (this.#gate !== 'outside') this.#leaveGate();
    listener?.onOutcome(outcome);
  }
}
