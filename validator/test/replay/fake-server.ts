import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {Address, ServerControl} from '../../src/server/server.ts';

interface FakeRequest {
  readonly method: string;
  readonly key: string;
  readonly body: string;
  /** Of all requests of the server, from 1. */
  readonly number: number;
  /** Answers as a correct server would. */
  readonly respond: () => void;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Handles a request that it wants to handle itself, and returns true. */
export type Fault = (request: FakeRequest) => boolean;

/**
 * A correct server in this process (its values survive everything), except
 * where a test's fault steps in, with a control that starts, stops and kills it.
 */
export class FakeServer implements ServerControl {
  readonly values = new Map<string, string>();
  readonly dataDir = '/nowhere';
  readonly control: ServerControl = this;
  address: Address = {host: '127.0.0.1', port: 0};
  isUp = false;
  fault: Fault = () => false;
  inFlight = 0;
  peakInFlight = 0;
  connections = 0;
  requests = 0;
  starts = 0;
  kills = 0;
  stops = 0;
  #server: Server | undefined;
  #exitReason: string | undefined;

  static async start(fault?: Fault): Promise<FakeServer> {
    const server = new FakeServer();
    if (fault !== undefined) server.fault = fault;
    await server.start();
    return server;
  }

  async start(): Promise<number> {
    const server = createServer((request, response) => this.#receive(request, response));
    server.on('connection', () => this.connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    this.address = {host: '127.0.0.1', port: address.port};
    this.#server = server;
    this.isUp = true;
    this.starts++;
    return 0;
  }

  async stop(): Promise<{readonly clean: boolean}> {
    this.stops++;
    await this.close();
    return {clean: true};
  }

  async kill(): Promise<void> {
    this.kills++;
    await this.close();
  }

  /** Ends by itself. */
  crash(reason: string): void {
    this.#exitReason = reason;
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  exitReason(): string | undefined {
    return this.#exitReason;
  }

  async exitReasonWithin(_timeoutMs: number): Promise<string | undefined> {
    return this.#exitReason;
  }

  lastOutput(_lines: number): readonly string[] {
    return this.#exitReason === undefined ? [] : ['panic: last words'];
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.isUp = false;
    this.#server = undefined;
    this.inFlight = 0;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    this.inFlight++;
    this.peakInFlight = Math.max(this.peakInFlight, this.inFlight);
    response.on('close', () => this.inFlight--);
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    request.on('end', () => {
      const {method = ''} = request;
      const url = new URL(request.url ?? '', 'http://x');
      const key = url.pathname.slice(1);
      const respond = (): void => this.#respond(method, url, body, response);
      const number = ++this.requests;
      if (!this.fault({method, key, body, number, respond, request, response})) respond();
    });
  }

  #respond(method: string, url: URL, body: string, response: ServerResponse): void {
    const key = url.pathname.slice(1);
    if (key === 'scan') {
      const start = url.searchParams.get('start') ?? '';
      const end = url.searchParams.get('end') ?? '';
      const keys = [...this.values.keys()].filter((each) => each >= start && each < end);
      response.end(JSON.stringify(keys.sort()));
    } else if (method === 'PUT') {
      this.values.set(key, body);
      response.end(body);
    } else if (method === 'DELETE') {
      this.values.delete(key);
      response.end();
    } else {
      const value = this.values.get(key);
      response.statusCode = value === undefined ? 404 : 200;
      response.end(value);
    }
  }
}
