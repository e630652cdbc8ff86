import {createServer, type RequestListener} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Socket} from 'node:net';
import {afterEach, describe, expect, it} from 'vitest';
import {expectInAnyOrder, writeInAnyOrder} from '../../src/checks/any-order.ts';
import {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {openServer} from '../grade/plan.ts';
import {type MapServer, startMapServer} from '../servers/map-server.ts';

const WRITES = Array.from('abcdefghijklmnopqrst', (key) => [key, `value of ${key}`] as const);
const KEYS = WRITES.map(([key]) => key);

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function underTest(address: MapServer['address'], week: number): ServerUnderTest {
  const {signal} = new AbortController();
  const server = new ServerUnderTest(openServer({address, control: undefined}), {week, signal});
  closers.push(() => server.disconnect());
  return server;
}

async function mapServer(bends: Parameters<typeof startMapServer>[0] = {}): Promise<MapServer> {
  const server = await startMapServer(bends);
  closers.push(() => void server.close());
  return server;
}

/** Serves one connection at a time; others wait until it is closed. */
async function oneAtATime(answer: RequestListener): Promise<MapServer['address']> {
  const http = createServer(answer);
  const waiting: Socket[] = [];
  let isServing = false;
  const serveNext = () => {
    const socket = waiting.shift();
    isServing = socket !== undefined;
    if (socket === undefined) return;
    socket.on('close', serveNext);
    http.emit('connection', socket);
    socket.resume();
  };
  const tcp = createTcpServer({pauseOnConnect: true}, (socket) => {
    closers.push(() => socket.destroy());
    waiting.push(socket);
    if (!isServing) serveNext();
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  closers.push(() => tcp.close());
  return {host: '127.0.0.1', port: (tcp.address() as AddressInfo).port};
}

describe('requests in any order', () => {
  it('are sent several at a time in week 8', async () => {
    let inFlight = 0;
    const answers: (() => void)[] = [];
    const http = createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(404).end();
        return;
      }
      inFlight += 1;
      answers.push(() => response.end());
      // The first one is answered when there is a second one.
      if (inFlight > 1) for (const answer of answers.splice(0)) answer();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closers.push(() => http.closeAllConnections());
    const {port} = http.address() as AddressInfo;
    const server = underTest({host: '127.0.0.1', port}, 8);
    await writeInAnyOrder(server, WRITES);
    expect(server.ledger.keys().sort()).toEqual(KEYS);
  });

  it('go one after another to a server that serves one connection only', async () => {
    const values = new Map<string, string>();
    const address = await oneAtATime((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        if (request.method === 'PUT') values.set(request.url ?? '', body);
        const value = values.get(request.url ?? '');
        response.writeHead(value === undefined ? 404 : 200).end(value);
      });
    });
    const server = underTest(address, 8);
    await writeInAnyOrder(server, WRITES);
    await expectInAnyOrder(server, [...KEYS, 'absent']);
    expect(values.size).toBe(WRITES.length);
  });

  it('go one after another before week 8', async () => {
    const order: string[] = [];
    const {address} = await mapServer({
      key(key) {
        order.push(key);
        return key;
      },
    });
    await writeInAnyOrder(underTest(address, 7), WRITES);
    expect(order).toEqual(KEYS);
  });

  it('take a null for a DELETE', async () => {
    const {address} = await mapServer({bad: () => ({status: 204, body: ''})});
    const server = underTest(address, 8);
    await writeInAnyOrder(server, [
      ['a', '1'],
      ['b', null],
    ]);
    expect(server.ledger.permitted('b')).toEqual([null]);
  });

  it('fail with what comes first in the list, whatever is answered first', async () => {
    const {address} = await mapServer({got: () => ({status: 200, body: 'wrong'})});
    const server = underTest(address, 8);
    await expect(expectInAnyOrder(server, KEYS)).rejects.toThrow('a was never written');
  });
});
