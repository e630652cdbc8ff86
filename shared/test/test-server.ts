import {onTestFinished} from 'vitest';
import {createHttpServer, type HttpServer} from '../src/http-server.ts';
import type {Store} from '../src/store.ts';
import {RawConnection, type RawResponse} from './raw-connection.ts';

/** A server in this process, on a free port; it and its clients end with the test. */
export class TestServer {
  /** What the server reported through onError. */
  readonly errors: unknown[] = [];
  readonly http: HttpServer;
  readonly #clients: RawConnection[] = [];
  #port = 0;

  private constructor(store: Store, options: {readonly idleTimeoutMs?: number}) {
    const onError = (error: unknown): void => {
      this.errors.push(error);
    };
    this.http = createHttpServer({store, onError, ...options});
  }

  static async start(store: Store, options: {readonly idleTimeoutMs?: number} = {}) {
    const server = new TestServer(store, options);
    server.#port = await server.http.listen('127.0.0.1', 0);
    onTestFinished(async () => {
      for (const client of server.#clients) client.destroy();
      await server.http.close(0);
    });
    return server;
  }

  async connect(): Promise<RawConnection> {
    const client = await RawConnection.open(this.#port);
    this.#clients.push(client);
    return client;
  }

  /** One request, on a connection of its own. */
  async ask(method: string, target: string, body?: string): Promise<RawResponse> {
    const client = await this.connect();
    client.send(requestText(method, target, body));
    return client.readResponse(method !== 'HEAD');
  }

  /** Whether a PUT and a GET through new connections work as they should. */
  async isWell(): Promise<boolean> {
    const put = await this.ask('PUT', '/probe', 'fine');
    const get = await this.ask('GET', '/probe');
    return put.status === 200 && get.body === 'fine';
  }
}

/** With `\n` for line ends, as RawConnection.send takes it. */
export function requestText(method: string, target: string, body?: string): string {
  const length = body === undefined ? '' : `Content-Length: ${body.length}\n`;
  return `${method} ${target} HTTP/1.1\nHost: test\n${length}\n${body ?? ''}`;
}
