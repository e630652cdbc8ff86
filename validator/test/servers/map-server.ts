/** A server of week 1 in this process, whose answers a test can bend. */
import {createServer, type Server as HttpServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Server} from '../../src/server/server.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface Bends {
  /** What is stored of a value. */
  readonly stored?: (value: string) => string;
  /** Under which key it is stored and found. */
  readonly key?: (key: string) => string;
  /** Whether a value is taken; otherwise the request is a bad one. @default up to 65,536 bytes */
  readonly takes?: (value: string) => boolean;
  /** How a GET of this value, or of an absent key, is answered. */
  readonly got?: (value: string | undefined, key: string) => Answer;
  /** How a request that is neither GET nor PUT, or whose key is not valid, is answered. */
  readonly bad?: (request: IncomingMessage) => Answer;
}

export interface MapServer extends Server {
  readonly url: string;
  close(): Promise<void>;
}

export async function startMapServer(bends: Bends = {}): Promise<MapServer> {
  const values = new Map<string, string>();
  const http = createServer({keepAliveTimeout: 60_000}, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1');
      const answer = answerTo(request, body, values, bends);
      response.writeHead(answer.status, {'content-length': answer.body.length});
      response.end(answer.body, 'latin1');
    });
  });
  const port = await listen(http);
  return {
    address: {host: '127.0.0.1', port},
    control: undefined,
    url: `http://127.0.0.1:${port}`,
    close: () => end(http),
  };
}

function answerTo(
  request: IncomingMessage,
  body: string,
  values: Map<string, string>,
  bends: Bends,
): Answer {
  const {method, url = ''} = request;
  const [, key] = /^\/([a-z]{1,64})$/.exec(url) ?? [];
  const {stored = (value) => value, key: keyOf = (name) => name, got = found} = bends;
  if (key !== undefined && method === 'GET') return got(values.get(keyOf(key)), key);
  if (key !== undefined && method === 'PUT' && (bends.takes?.(body) ?? body.length <= 65_536)) {
    values.set(keyOf(key), stored(body));
    return {status: 204, body: ''};
  }
  return bends.bad?.(request) ?? {status: 400, body: 'no'};
}

function found(value: string | undefined): Answer {
  return value === undefined ? {status: 404, body: ''} : {status: 200, body: value};
}

async function listen(http: HttpServer): Promise<number> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
}

async function end(http: HttpServer): Promise<void> {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}
