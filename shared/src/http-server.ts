/**
 * The HTTP server that every week's engine runs behind: docs/contract.md,
 * "HTTP", over the Store interface. It knows keys, values and limits; it knows
 * nothing of files.
 */

import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {HttpConnections} from './http-connections.ts';
import {HttpHandler} from './http-handler.ts';
import type {Store} from './store.ts';

const DEFAULT_IDLE_TIMEOUT_MS = 600_000;
/** How often Node looks for requests that are late. */
const TIMEOUT_CHECKS_MS = 30_000;

export interface HttpServerOptions {
  readonly store: Store;
  /** Is given what a client cannot be told: bugs of the store, and failures in mid-answer. */
  readonly onError: (error: unknown) => void;
  /**
   * For how long a connection may have no request, and a request may take to
   * arrive. Long, because clients do other things between their requests.
   * @default 600_000
   */
  readonly idleTimeoutMs?: number;
}

export interface HttpServer {
  /**
   * @param host an address of this machine, or `localhost`
   * @param port 0 for any free one
   * @returns the port
   * @throws the operating system's error: EADDRINUSE, EACCES
   */
  listen(host: string, port: number): Promise<number>;

  /**
   * Stops accepting connections, closes the idle ones, waits for the requests
   * in flight, and cuts those that take longer than `graceMs`. The store stays
   * open.
   */
  close(graceMs: number): Promise<void>;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const {store, onError, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS} = options;
  const server = createServer({
    keepAliveTimeout: idleTimeoutMs,
    // This one also counts for a connection that is open and not used yet.
    headersTimeout: idleTimeoutMs,
    requestTimeout: idleTimeoutMs,
    connectionsCheckingInterval: Math.min(idleTimeoutMs, TIMEOUT_CHECKS_MS),
    // A request typed by hand need not name a host; nothing here looks at it.
    requireHostHeader: false,
  });
  const handler = new HttpHandler(store, onError);
  const connections = new HttpConnections(server, handler.keyMethods);
  server.on('request', (request, response) => {
    connections.onRequest(response);
    handler.handle(request, response, false);
  });
  server.on('checkContinue', (request, response) => {
    connections.onRequest(response);
    handler.handle(request, response, true);
  });
  return {
    listen: (host, port) => listen(server, host, port),
    close: (graceMs) => connections.close(graceMs),
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
