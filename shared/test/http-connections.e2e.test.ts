import {describe, expect, it} from 'vitest';
import {mapStore, putGetStore} from './map-store.ts';
import type {RawConnection} from './raw-connection.ts';
import {requestText, TestServer} from './test-server.ts';

const LIMIT = 65_536;

describe('a body', () => {
  it('may come byte by byte', async () => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(putGetStore(entries));
    const client = await server.connect();
    for (const byte of requestText('PUT', '/k', 'slow value')) {
      client.send(byte);
      await nextTurn();
    }
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'slow value'});
    expect(entries.get('k')).toBe('slow value');
  });

  it('may be chunked, with extensions and trailers', async () => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(putGetStore(entries));
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nTransfer-Encoding: chunked\n\n');
    client.send('3;a=b\nabc\n2\nde\n0\nX-Trailer: t\n\n');
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'abcde'});
    expect(entries.get('k')).toBe('abcde');
  });

  it('is asked for with 100 where the client waits for that', async () => {
    const server = await TestServer.start(putGetStore());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nContent-Length: 3\nExpect: 100-continue\n\n');
    expect((await client.readResponse(false)).status).toBe(100);
    client.send('abc');
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'abc'});
  });

  it.each([
    ['a bad key', '/A', 3, 400],
    ['a value that is too long', '/k', LIMIT + 1, 413],
  ])('is not asked for with %s', async (_name, target, length, status) => {
    const server = await TestServer.start(putGetStore());
    const client = await server.connect();
    client.send(`PUT ${target} HTTP/1.1\nContent-Length: ${length}\nExpect: 100-continue\n\n`);
    const answer = await client.readResponse();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('connection')).toBe('close');
  });

  it.each([
    ['a content-length', 'Content-Length: 10\n\nabc'],
    ['chunks', 'Transfer-Encoding: chunked\n\n3\nabc\n'],
  ])('with %s that is broken off never reaches the store', async (_name, headersAndPart) => {
    const puts: string[] = [];
    const server = await TestServer.start({
      ...putGetStore(),
      put: (key) => {
        puts.push(key);
      },
    });
    const destroyed = await server.connect();
    destroyed.send(`PUT /destroyed HTTP/1.1\n${headersAndPart}`);
    await destroyed.flushed();
    destroyed.destroy();

    // This one still reads, and so is told.
    const halfClosed = await server.connect();
    halfClosed.send(`PUT /halfclosed HTTP/1.1\n${headersAndPart}`);
    halfClosed.halfClose();
    expect((await halfClosed.readResponse()).status).toBe(400);

    await server.ask('PUT', '/whole', 'v');
    expect(puts).toEqual(['whole']);
  });

  it('of a refused request does not spoil the next one on the connection', async () => {
    const server = await TestServer.start(putGetStore());
    const client = await server.connect();
    client.send(requestText('PUT', '/A', 'x'.repeat(200_000)));
    expect((await client.readResponse()).status).toBe(400);
    client.send(requestText('POST', '/a', 'x'.repeat(200_000)));
    expect((await client.readResponse()).status).toBe(405);
    client.send(requestText('PUT', '/a', 'v'));
    expect((await client.readResponse()).status).toBe(200);
  });
});

describe('a body that is too long', () => {
  const FAR_TOO_LONG = 20_000_000;

  it.each([
    ['with content-length', `Content-Length: ${FAR_TOO_LONG}\n\n`, sendPlain],
    ['in chunks', 'Transfer-Encoding: chunked\n\n', sendChunked],
  ])('%s is 413 for a client that reads when it has sent all', async (_name, head, sendBody) => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(putGetStore(entries));
    const client = await server.connect();
    client.send(`PUT /k HTTP/1.1\n${head}`);
    await sendBody(client, FAR_TOO_LONG);
    const answer = await client.readResponse();
    expect(answer.status).toBe(413);
    expect(answer.headers.get('connection')).toBe('close');
    expect(answer.body).toBe('a value is at most 65536 bytes\n');
    expect(await client.readToEnd()).toBe('');
    expect(entries.size).toBe(0);
  });

  it('is 413 before the rest was sent, for a client that waits for nothing', async () => {
    const server = await TestServer.start(putGetStore());
    for (const head of [
      `Content-Length: ${FAR_TOO_LONG}\n\n`,
      `Transfer-Encoding: chunked\n\n${(LIMIT + 1).toString(16)}\n${'v'.repeat(LIMIT + 1)}`,
    ]) {
      const client = await server.connect();
      client.send(`PUT /k HTTP/1.1\n${head}`);
      expect((await client.readResponse()).status).toBe(413);
      client.destroy();
    }
    expect(await server.isWell()).toBe(true);
  });

  it('is one byte more than the limit, not the limit', async () => {
    const server = await TestServer.start(putGetStore());
    for (const [length, status] of [
      [LIMIT, 200],
      [LIMIT + 1, 413],
    ] as const) {
      const client = await server.connect();
      client.send('PUT /k HTTP/1.1\nTransfer-Encoding: chunked\n\n');
      await sendChunked(client, length);
      expect((await client.readResponse()).status).toBe(status);
    }
  });
});

describe('a connection', () => {
  it('serves many requests', async () => {
    const server = await TestServer.start(mapStore());
    const client = await server.connect();
    for (let round = 0; round < 300; round++) {
      client.send(requestText('PUT', '/k', `${round}`));
      expect((await client.readResponse()).body).toBe(`${round}`);
    }
  });

  it('takes pipelined requests, and answers in their order', async () => {
    const entries = new Map<string, string>();
    const server = await TestServer.start({
      ...mapStore(entries),
      // The first answer is ready last.
      get: async (key) => {
        if (key === 'late') await nextTurn();
        return entries.get(key) ?? `no ${key}`;
      },
    });
    const client = await server.connect();
    client.send(
      [
        requestText('GET', '/late'),
        requestText('PUT', '/k', '1'),
        requestText('GET', '/A'),
        requestText('DELETE', '/k'),
        requestText('GET', '/k'),
      ].join(''),
    );
    const bodies: string[] = [];
    for (let count = 0; count < 5; count++) bodies.push((await client.readResponse()).body);
    expect(bodies).toEqual(['no late', '1', expect.stringContaining('a key is'), '', 'no k']);
  });

  it('may speak HTTP/1.0, and is closed after its answer', async () => {
    const server = await TestServer.start(putGetStore(new Map([['k', 'v']])));
    const client = await server.connect();
    client.send('GET /k HTTP/1.0\n\n');
    const answer = await client.readResponse();
    expect(answer).toMatchObject({status: 200, body: 'v'});
    expect(answer.headers.get('connection')).toBe('close');
    expect(await client.readToEnd()).toBe('');
  });

  it('need not name a host, and may ask for another protocol in vain', async () => {
    const server = await TestServer.start(putGetStore());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nConnection: Upgrade\nUpgrade: h2c\nContent-Length: 1\n\nv');
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'v'});
    client.send('GET /k HTTP/1.1\n\n');
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'v'});
  });
});

describe('a connection that is silent for too long', () => {
  it.each([
    ['before its first request', ''],
    ['in the headers', 'GET /k HTTP/1.1\nHost'],
    ['in the body', 'PUT /k HTTP/1.1\nContent-Length: 9\n\nv'],
  ])('%s is told 408, and closed', async (_name, text) => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(mapStore(entries), {idleTimeoutMs: 50});
    const client = await server.connect();
    client.send(text);
    const answer = await client.readResponse();
    expect(answer.status).toBe(408);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await client.readToEnd()).toBe('');
    expect(entries.size).toBe(0);
  });

  it('between two requests is closed', async () => {
    const server = await TestServer.start(mapStore(), {idleTimeoutMs: 50});
    const client = await server.connect();
    client.send(requestText('GET', '/k'));
    expect((await client.readResponse()).status).toBe(404);
    expect(await client.readToEnd()).toBe('');
  });
});

describe('what is not HTTP', () => {
  it.each([
    ['garbage', '\x16\x03\x01 not at all\n\n', 400],
    ['a broken request line', 'GET\n\n', 400],
    ['a broken header', 'GET /k HTTP/1.1\nno colon\n\n', 400],
    ['two lengths', 'PUT /k HTTP/1.1\nContent-Length: 1\nContent-Length: 2\n\nab', 400],
    [
      'a length and chunks',
      'PUT /k HTTP/1.1\nContent-Length: 1\nTransfer-Encoding: chunked\n\n',
      400,
    ],
    ['a negative length', 'PUT /k HTTP/1.1\nContent-Length: -1\n\n', 400],
    ['a broken chunk', 'PUT /k HTTP/1.1\nTransfer-Encoding: chunked\n\nxyz\n', 400],
    ['a key of 20,000 characters', `GET /${'k'.repeat(20_000)} HTTP/1.1\n\n`, 431],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\n\n', 405],
  ])('such as %s, is refused and the connection closed', async (_name, text, status) => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(mapStore(entries));
    const client = await server.connect();
    client.send(text);
    const answer = await client.readResponse();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('connection')).toBe('close');
    expect(answer.body).toMatch(/^[^\n]+\n$/);
    // Whoever goes on talking is not answered again.
    client.send('more of it\n\n');
    expect(await client.readToEnd()).toBe('');
    expect(entries.size).toBe(0);
    expect(await server.isWell()).toBe(true);
  });

  it('is refused where a client can read it that first sends all it has', async () => {
    const server = await TestServer.start(mapStore());
    const client = await server.connect();
    await sendPlain(client, 5_000_000);
    expect((await client.readResponse()).status).toBe(400);
    expect(await client.readToEnd()).toBe('');
  });

  it('is refused after the answers to the good requests before it', async () => {
    const server = await TestServer.start({
      ...putGetStore(),
      get: async () => {
        await nextTurn();
        return 'v';
      },
    });
    const client = await server.connect();
    client.send(`${requestText('GET', '/k')}${requestText('GET', '/k')}garbage\n\n`);
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'v'});
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'v'});
    expect((await client.readResponse()).status).toBe(400);
    expect(await client.readToEnd()).toBe('');
  });
});

it.each([
  '',
  'GET',
  'garbage\n\n',
  'PUT /k HTTP/1.1\nContent-Length: 9\n\nv',
  `PUT /k HTTP/1.1\nContent-Length: 99999999\n\nv`,
  'CONNECT host:80 HTTP/1.1\n\n',
  requestText('GET', '/k'),
  requestText('GET', '/scan?start=a&end=b'),
])('a reset after %j harms no one else', async (text) => {
  const server = await TestServer.start(mapStore());
  for (const waitsForAnswer of [false, true]) {
    const client = await server.connect();
    client.send(text);
    await client.flushed();
    if (waitsForAnswer) await nextTurn();
    client.reset();
  }
  expect(await server.isWell()).toBe(true);
  expect(server.errors).toEqual([]);
});

/** Lets the event loop go round once, so that what was written goes out on its own. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function sendPlain(client: RawConnection, length: number): Promise<void> {
  const piece = Buffer.alloc(100_000, 'v');
  for (let sent = 0; sent < length; sent += piece.length) {
    client.sendBytes(piece.subarray(0, length - sent));
    await client.flushed();
  }
}

async function sendChunked(client: RawConnection, length: number): Promise<void> {
  const piece = 'v'.repeat(10_000);
  for (let sent = 0; sent < length; sent += piece.length) {
    const chunk = piece.slice(0, length - sent);
    client.send(`${chunk.length.toString(16)}\n${chunk}\n`);
    await client.flushed();
  }
  client.send('0\n\n');
}
