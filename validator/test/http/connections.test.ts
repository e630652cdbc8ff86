import {createServer} from 'node:net';
import {afterEach, describe, expect, test} from 'vitest';
import {GraderError, ServerFailure} from '../../src/errors.ts';
import type {HttpLimits, Outcome} from '../../src/http/exchange.ts';
import {type ClientConnection, HttpClient, type Transport} from '../../src/http/http-client.ts';
import {machineTrouble} from '../../src/http/socket-error.ts';
import {answer, RawServer, type Script} from './raw-server.ts';

const QUICK: Partial<HttpLimits> = {
  requestTimeoutMs: 300,
  silenceTimeoutMs: 100,
  bodyBytesMax: 1_000,
};

let server: RawServer | undefined;
let connection: ClientConnection | undefined;

afterEach(async () => {
  connection?.close();
  await server?.close();
  server = undefined;
  connection = undefined;
});

async function connectTo(transport: Transport, script: Script): Promise<ClientConnection> {
  server = await RawServer.start(script);
  connection = new HttpClient({server, transport, limits: QUICK}).connect();
  return connection;
}

/** `hang`, `garbage`, …; `answered` */
function kindOf(outcome: Outcome): string {
  return outcome.kind === 'lost' ? outcome.failure.kind : outcome.kind;
}

describe.each(['own', 'undici'] as const)('%s', (transport) => {
  test('a connection is kept for all requests, and values come back as they are', async () => {
    const values = new Map<string, string>();
    const client = await connectTo(transport, (socket, request) => {
      const [head = '', body = ''] = request.split('\r\n\r\n');
      const [method, path = ''] = head.split(' ');
      if (method === 'PUT') values.set(path, body);
      const value = values.get(path);
      socket.write(value === undefined ? answer(404, 'none') : answer(200, value), 'latin1');
    });
    expect(await client.get('a')).toMatchObject({status: 404});
    for (const value of ['007', '', ' two  words ', 'x'.repeat(900)]) {
      expect(await client.put('a', value)).toMatchObject({status: 200});
      expect(await client.get('a')).toMatchObject({status: 200, body: value});
    }
    expect(server?.connections).toBe(1);
  });

  test('bytes that are no text come back one by one', async () => {
    const bytes = '\x00\x7f\x80\xff\r\n';
    const client = await connectTo(transport, (socket) => {
      socket.write(answer(200, bytes), 'latin1');
    });
    expect(await client.get('a')).toMatchObject({body: bytes});
  });

  test('refused', async () => {
    const client = await connectTo(transport, () => {});
    await server?.close();
    const outcome = await client.exchange({method: 'GET', path: '/a'});
    expect(kindOf(outcome)).toBe('refused');
    expect(outcome).toMatchObject({sent: false});
    await expect(client.get('a')).rejects.toThrow(ServerFailure);
  });

  test('no answer: hang', async () => {
    const client = await connectTo(transport, () => {});
    const outcome = await client.exchange({method: 'GET', path: '/a'});
    expect(kindOf(outcome)).toBe('hang');
    expect(outcome).toMatchObject({sent: true, stale: false});
  });

  test('a connection that the kernel accepts and the server does not: hang', async () => {
    const silent = createServer({pauseOnConnect: true}, () => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    const client = new HttpClient({
      server: {address: {host: '127.0.0.1', port: address.port}},
      transport,
      limits: QUICK,
    });
    connection = client.connect();
    expect(kindOf(await connection.exchange({method: 'GET', path: '/a'}))).toBe('hang');
    connection.close();
    silent.close();
  });

  test('no HTTP: garbage, with the first bytes', async () => {
    const client = await connectTo(transport, (socket) => socket.write('220 smtp\x01 ready\r\n'));
    const outcome = await client.exchange({method: 'GET', path: '/a'});
    expect(kindOf(outcome)).toBe('garbage');
    const details = outcome.kind === 'lost' ? outcome.failure.details.join(' ') : '';
    expect(details).toContain('220 smtp\\x01');
  });

  test.each([
    ['announced', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n')],
    [
      'endless',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        const more = (): void => {
          if (!socket.destroyed)
            socket.write(`64\r\n${'x'.repeat(100)}\r\n`, () => setImmediate(more));
        };
        more();
      },
    ],
    [
      'endless, until the connection closes',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = (): void => {
          if (!socket.destroyed) socket.write('x'.repeat(100), () => setImmediate(more));
        };
        more();
      },
    ],
  ] satisfies [string, Script][])('a body without measure (%s)', async (how, script) => {
    const client = await connectTo(transport, script);
    const kind = kindOf(await client.exchange({method: 'GET', path: '/a'}));
    // undici waits for the bytes that were announced.
    expect(kind).toBe(
      transport === 'undici' && how === 'announced' ? 'slow-body' : 'body-too-long',
    );
  });

  test('an answer that stops in the middle: slow-body', async () => {
    const client = await connectTo(transport, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
    });
    expect(kindOf(await client.exchange({method: 'GET', path: '/a'}))).toBe('slow-body');
  });

  test('an answer that trickles in for ever: slow-body', async () => {
    const client = await connectTo(transport, (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(kindOf(await client.exchange({method: 'GET', path: '/a'}))).toBe('slow-body');
  });

  test.each([
    ['before any answer', (socket) => socket.end()],
    ['within the headers', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
    ['within the body', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal')],
    ['by a reset', (socket) => socket.resetAndDestroy()],
  ] satisfies [string, Script][])('closed %s: connection-closed', async (_, script) => {
    const client = await connectTo(transport, script);
    const outcome = await client.exchange({method: 'PUT', path: '/a', body: 'v'});
    expect(kindOf(outcome)).toBe('connection-closed');
    expect(outcome).toMatchObject({sent: true, stale: false});
    expect(server?.requests).toHaveLength(1);
  });

  test('closed between two requests without a word: stale, and not sent again', async () => {
    const client = await connectTo(transport, (socket, _, number) => {
      if (number === 1) socket.write(answer(200, 'v'));
      else socket.end();
    });
    expect(kindOf(await client.exchange({method: 'GET', path: '/a'}))).toBe('answered');
    const outcome = await client.exchange({method: 'PUT', path: '/a', body: 'v'});
    expect(outcome).toMatchObject({kind: 'lost', sent: true, stale: true});
    expect(kindOf(await client.exchange({method: 'GET', path: '/a'}))).toBe('answered');
    expect(server?.requests).toHaveLength(3);
  });

  test.each([
    ['Connection: close', () => answer(200, 'v', 'Connection: close')],
    ['HTTP/1.0', () => answer(200, 'v').replace('HTTP/1.1', 'HTTP/1.0')],
    ['a body that the end of the connection ends', () => 'HTTP/1.0 200 OK\r\n\r\nv'],
  ])('%s: one connection for each request, one at a time', async (_, text) => {
    const client = await connectTo(transport, (socket) => socket.end(text()));
    for (let request = 0; request < 50; request++) {
      expect(await client.get('a')).toMatchObject({status: 200, body: 'v'});
    }
    expect(server?.connections).toBe(50);
    if (transport === 'own') expect(server?.connectionsAtOnce).toBe(1);
  });

  test('a server that announces the close and forgets it costs a moment, not a hang', async () => {
    const client = await connectTo(transport, (socket) => {
      socket.write(answer(200, 'v', 'Connection: close'));
    });
    for (let request = 0; request < 4; request++) {
      expect(await client.get('a')).toMatchObject({body: 'v'});
    }
    expect(server?.connections).toBe(4);
  });

  test('HTTP/1.0 with keep-alive keeps the connection', async () => {
    const client = await connectTo(transport, (socket) => {
      const text = answer(200, 'v', 'Connection: keep-alive');
      socket.write(text.replace('HTTP/1.1', 'HTTP/1.0'));
    });
    for (let request = 0; request < 5; request++) await client.get('a');
    expect(server?.connections).toBe(1);
  });

  test('closing ends the request in flight, and the next one opens the connection again', async () => {
    let isSilent = true;
    const client = await connectTo(transport, (socket) => {
      if (isSilent) client.close();
      else socket.write(answer(200, 'v'));
    });
    const outcome = await client.exchange({method: 'GET', path: '/a'});
    expect(outcome).toMatchObject({kind: 'lost', sent: true});
    isSilent = false;
    expect(await client.get('a')).toMatchObject({body: 'v'});
  });

  test('proxies in the environment are ignored', async () => {
    const proxy = await RawServer.start((socket) => socket.end(answer(200, 'from the proxy')));
    const url = `http://127.0.0.1:${proxy.address.port}`;
    const names = ['HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NODE_USE_ENV_PROXY'];
    const before = names.map((name) => process.env[name]);
    for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : url;
    try {
      const client = await connectTo(transport, (socket) => socket.write(answer(200, 'v')));
      expect(await client.get('a')).toMatchObject({body: 'v'});
      expect(proxy.connections).toBe(0);
    } finally {
      for (const [index, name] of names.entries()) {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      }
      await proxy.close();
    }
  });

  test('a server that comes back on another port is found there', async () => {
    const first = await RawServer.start((socket) => socket.write(answer(200, 'first')));
    const second = await RawServer.start((socket) => socket.write(answer(200, 'second')));
    const moving = {address: first.address};
    const client = new HttpClient({server: moving, transport}).connect();
    expect(await client.get('a')).toMatchObject({body: 'first'});
    client.close();
    moving.address = second.address;
    expect(await client.get('a')).toMatchObject({body: 'second'});
    client.close();
    await first.close();
    await second.close();
  });
});

describe('own', () => {
  test('more bytes than the length says: garbage', async () => {
    const client = await connectTo('own', (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello');
    });
    await expect(client.get('a')).rejects.toThrow(/2 bytes \("lo"\) came behind the end/);
  });

  test('unless the connection closes behind it anyway', async () => {
    const client = await connectTo('own', (socket) => {
      socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nhello');
    });
    expect(await client.get('a')).toMatchObject({body: 'hel'});
    expect(await client.get('a')).toMatchObject({body: 'hel'});
  });

  test('bytes when no answer is due: the next request is not sent, and says why', async () => {
    let surplusWasRead = (): void => {};
    const isRead = new Promise<void>((resolve) => {
      surplusWasRead = resolve;
    });
    const client = await connectTo('own', (socket) => {
      socket.on('close', surplusWasRead);
      socket.write(answer(200, 'v'));
      setImmediate(() => setImmediate(() => socket.write('more')));
    });
    await client.get('a');
    await isRead;
    const outcome = await client.exchange({method: 'PUT', path: '/a', body: 'v'});
    expect(outcome).toMatchObject({kind: 'lost', sent: false});
    expect(kindOf(outcome)).toBe('garbage');
    expect(server?.requests).toHaveLength(1);
  });

  test('a line end behind an answer is overlooked', async () => {
    const client = await connectTo('own', (socket) => socket.write(`${answer(200, 'v')}\r\n`));
    expect(await client.get('a')).toMatchObject({body: 'v'});
    expect(await client.get('a')).toMatchObject({body: 'v'});
  });

  test('a request is one write', async () => {
    const pieces: string[] = [];
    const listener = createServer((socket) => {
      socket.on('data', (chunk) => {
        pieces.push(chunk.toString('latin1'));
        socket.write(answer(200, ''));
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    const client = new HttpClient({server: {address: {host: '127.0.0.1', port: address.port}}});
    const one = client.connect();
    await one.put('a', 'x'.repeat(1_000));
    one.close();
    listener.close();
    expect(pieces).toHaveLength(1);
  });

  test('one connection carries one request at a time', async () => {
    const client = await connectTo('own', () => {});
    const first = client.exchange({method: 'GET', path: '/a'});
    await expect(client.exchange({method: 'GET', path: '/a'})).rejects.toThrow(/in flight/);
    client.close();
    expect(kindOf(await first)).toBe('connection-closed');
  });
});

describe('trouble of this machine is told apart', () => {
  test.each(['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS'])('%s', (code) => {
    const error = Object.assign(new Error('connect'), {code});
    expect(machineTrouble(error, 28_000)).toBeInstanceOf(GraderError);
    expect(machineTrouble(error, 28_000)?.message).toMatch(new RegExp(`${code}.*28000`));
  });

  test('a refused connection is the server’s', () => {
    const error = Object.assign(new Error('connect'), {code: 'ECONNREFUSED'});
    expect(machineTrouble(error, 1)).toBeUndefined();
  });
});
