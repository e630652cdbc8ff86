import {createServer, type Server, type Socket} from 'node:net';
import type {Address} from '../../src/server/server.ts';

/** What to do with a request; `number` counts those of the connection, from 1. */
export type Script = (socket: Socket, request: string, number: number) => void;

/** A server below HTTP: it sees when a request is complete, and the test decides on the bytes. */
export class RawServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly requests: string[] = [];
  connections = 0;
  /** Most connections at one time that this side had not ended. */
  connectionsAtOnce = 0;
  address: Address = {host: '127.0.0.1', port: 0};

  private constructor(script: Script) {
    this.#server = createServer({noDelay: true}, (socket) => this.#accept(socket, script));
  }

  static async start(script: Script): Promise<RawServer> {
    const server = new RawServer(script);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    const address = server.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    server.address = {host: '127.0.0.1', port: address.port};
    return server;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket, script: Script): void {
    this.connections++;
    this.#sockets.add(socket);
    const open = [...this.#sockets].filter((each) => !each.writableEnded).length;
    this.connectionsAtOnce = Math.max(this.connectionsAtOnce, open);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    let number = 0;
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (;;) {
        const length = requestLength(received);
        if (length === undefined) return;
        const request = received.slice(0, length);
        received = received.slice(length);
        this.requests.push(request);
        script(socket, request, ++number);
      }
    });
  }
}

/** Undefined while it is incomplete. */
function requestLength(received: string): number | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const head = received.slice(0, headEnd);
  const body = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const length = headEnd + 4 + body;
  return received.length >= length ? length : undefined;
}

/** A plain answer with a Content-Length. */
export function answer(status: number, body: string, ...headers: string[]): string {
  const lines = [`HTTP/1.1 ${status} X`, `Content-Length: ${body.length}`, ...headers];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
