import {METHODS, type Server, type ServerResponse, STATUS_CODES} from 'node:http';
import type {Socket} from 'node:net';

/** For how long what still comes is thrown away after a refusal, so that it can be read. */
const LINGER_MS = 5_000;

/** A request line of a method that Node does not know. */
const REQUEST_LINE = /^([A-Za-z-]+) \S+ HTTP\/1\.[01]\r?\n/;

/**
 * The open connections of a server, for what Node leaves to its caller:
 * answering what is not HTTP without spoiling the answers before it, and an
 * orderly end.
 */
export class HttpConnections {
  readonly #server: Server;
  readonly #keyMethods: string;
  /** The newest response of each connection; undefined until its first request. */
  readonly #newest = new Map<Socket, ServerResponse | undefined>();
  readonly #refused = new WeakSet<Socket>();
  #isClosing = false;

  /** @param keyMethods the Allow header for a method that nobody knows */
  constructor(server: Server, keyMethods: string) {
    this.#server = server;
    this.#keyMethods = keyMethods;
    server.on('connection', (socket: Socket) => {
      this.#newest.set(socket, undefined);
      socket.once('close', () => this.#newest.delete(socket));
    });
    server.on('clientError', (error: ClientError, socket) => {
      this.#onClientError(error, socket as Socket);
    });
    server.on('connect', (_request, socket) => {
      // From here on Node leaves this socket alone, its errors and its input included.
      socket.on('error', () => {});
      socket.resume();
      this.#refuse(socket as Socket, 405, 'this is no proxy');
    });
  }

  /** To be called for each request, before its answer. */
  onRequest(response: ServerResponse): void {
    this.#newest.set(response.req.socket, response);
    if (this.#isClosing) response.shouldKeepAlive = false;
  }

  /** As HttpServer.close. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    // Closes the idle connections as well, but not those that never sent anything.
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const [socket, response] of this.#newest) {
      if (response === undefined) {
        if (socket.bytesRead === 0) socket.destroy();
        continue;
      }
      // Says `Connection: close`, unless the head is out already.
      response.shouldKeepAlive = false;
      response.once('close', () => this.#server.closeIdleConnections());
    }
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(cut);
  }

  #onClientError(error: ClientError, socket: Socket): void {
    // Every further packet on a refused connection comes here too.
    if (this.#refused.has(socket)) return;
    const refusal = this.#refusalFor(error);
    if (refusal === undefined || !socket.writable) {
      socket.destroy();
      return;
    }
    const refuse = (): void => this.#refuse(socket, refusal.status, refusal.reason);
    const newest = this.#newest.get(socket);
    if (newest === undefined || newest.writableFinished) {
      refuse();
    } else if (newest.req.complete) {
      // The request before this is still being answered.
      this.#refused.add(socket);
      newest.once('close', refuse);
    } else if (newest.headersSent) {
      // It is the rest of a body that is broken, and the request was answered.
      socket.destroy();
    } else {
      refuse();
    }
  }

  #refusalFor(error: ClientError): {status: number; reason: string} | undefined {
    switch (error.code ?? '') {
      case 'HPE_HEADER_OVERFLOW':
        return {status: 431, reason: 'the request line and headers are over 16 KiB'};
      case 'ERR_HTTP_REQUEST_TIMEOUT':
        return {status: 408, reason: 'the request was not complete in time'};
      case 'HPE_INVALID_EOF_STATE':
        return {status: 400, reason: 'the request ended before it was complete'};
    }
    // Anything else is an error of the connection, and no one is left to answer.
    if (error.code?.startsWith('HPE_') !== true) return undefined;
    const method = REQUEST_LINE.exec(error.rawPacket?.toString('latin1') ?? '')?.[1];
    if (method !== undefined && !METHODS.includes(method)) {
      return {status: 405, reason: `unknown method ${method}; for a key: ${this.#keyMethods}`};
    }
    return {status: 400, reason: `this is not HTTP: ${error.reason ?? error.message}`};
  }

  #refuse(socket: Socket, status: number, reason: string): void {
    this.#refused.add(socket);
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(reason) + 1}`,
      ...(status === 405 ? [`Allow: ${this.#keyMethods}`] : []),
      'Connection: close',
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${reason}\n`);
    const deadline = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(deadline));
  }
}

/** What Node says of a request that it cannot read. */
interface ClientError extends NodeJS.ErrnoException {
  /** The parser's own words. */
  readonly reason?: string;
  /** The bytes that it failed on. */
  readonly rawPacket?: Buffer;
}
