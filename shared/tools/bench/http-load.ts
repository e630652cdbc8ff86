/**
 * Requests over many connections at once, each with one request under way: the
 * next is sent when the answer before it is there. A hand-written client, because
 * a slower one would be what is measured.
 */
import {connect, type Socket} from 'node:net';
import {presentKey, valueOf} from './workload.ts';

export interface LoadRequest {
  readonly method: 'GET' | 'PUT';
  readonly key: string;
  /** PUT: what is written, and comes back. GET: what must come back; undefined for a 404. */
  readonly value: string | undefined;
}

export function putRequest(number: number, round: number): LoadRequest {
  return {method: 'PUT', key: presentKey(number), value: valueOf(round, number)};
}

/** @param round of the PUT whose value must come back */
export function getRequest(number: number, round: number): LoadRequest {
  return {...putRequest(number, round), method: 'GET'};
}

export interface LoadResult {
  readonly elapsedMs: number;
  /** Milliseconds from the sending of each request to its answer, in the order of the requests. */
  readonly latenciesMs: Float64Array;
}

/**
 * Sends all requests in turn over `connections`, and checks each answer.
 * @throws Error for the first answer that is wrong
 */
export async function sendAll(
  port: number,
  requests: readonly LoadRequest[],
  connections: number,
): Promise<LoadResult> {
  const sockets = await Promise.all(Array.from({length: connections}, () => open(port)));
  const latenciesMs = new Float64Array(requests.length);
  let nextIndex = 0;
  const takeNext = (): number | undefined =>
    nextIndex < requests.length ? nextIndex++ : undefined;
  const start = performance.now();
  try {
    await Promise.all(
      sockets.map((socket) => new LoadConnection(socket, requests, takeNext, latenciesMs).run()),
    );
    return {elapsedMs: performance.now() - start, latenciesMs};
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({port, host: '127.0.0.1', noDelay: true}, () => resolve(socket));
    socket.once('error', reject);
  });
}

class LoadConnection {
  readonly #socket: Socket;
  readonly #requests: readonly LoadRequest[];
  readonly #takeNext: () => number | undefined;
  readonly #latenciesMs: Float64Array;
  #received = '';

  constructor(
    socket: Socket,
    requests: readonly LoadRequest[],
    takeNext: () => number | undefined,
    latenciesMs: Float64Array,
  ) {
    this.#socket = socket;
    this.#requests = requests;
    this.#takeNext = takeNext;
    this.#latenciesMs = latenciesMs;
  }

  /** Settles when there are no more requests to take. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      let index: number | undefined;
      let sentAtMs = 0;
      const sendNext = (): void => {
        index = this.#takeNext();
        const request = index === undefined ? undefined : this.#requests[index];
        if (request === undefined) {
          resolve();
          return;
        }
        sentAtMs = performance.now();
        this.#socket.write(requestText(request), 'latin1');
      };
      this.#socket.on('data', (chunk: Buffer) => {
        this.#received += chunk.toString('latin1');
        const request = this.#requests[index ?? -1];
        if (index === undefined || request === undefined) return;
        if (!isComplete(this.#received)) return;
        this.#latenciesMs[index] = performance.now() - sentAtMs;
        const problem = problemOf(request, this.#received);
        this.#received = '';
        if (problem === undefined) sendNext();
        else reject(problem);
      });
      this.#socket.once('error', reject);
      this.#socket.once('close', () => reject(new Error('the server closed a connection')));
      sendNext();
    });
  }
}

function requestText({method, key, value}: LoadRequest): string {
  const head = `${method} /${key} HTTP/1.1\r\nHost: bench\r\n`;
  if (method === 'GET' || value === undefined) return `${head}\r\n`;
  return `${head}Content-Type: text/plain\r\nContent-Length: ${value.length}\r\n\r\n${value}`;
}

/** The servers measured here always say the length. */
function isComplete(text: string): boolean {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return false;
  const bytes = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, headEnd + 2))?.[1];
  if (bytes === undefined) throw new Error(`an answer without its length:\n${text}`);
  return text.length >= headEnd + 4 + Number(bytes);
}

function problemOf({method, key, value}: LoadRequest, answer: string): Error | undefined {
  const status = value === undefined ? 404 : 200;
  const isRight =
    answer.startsWith(`HTTP/1.1 ${status} `) &&
    (value === undefined || answer.endsWith(`\r\n\r\n${value}`));
  if (isRight) return undefined;
  return new Error(`${method} ${key}: expected ${status} ${value ?? ''}, got\n${answer}`);
}
