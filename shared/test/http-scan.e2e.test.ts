import {describe, expect, it} from 'vitest';
import {KvError} from '../src/errors.ts';
import {mapStore, putGetStore} from './map-store.ts';
import {requestText, TestServer} from './test-server.ts';

/** About 2 MB of JSON: more than the buffers between two sockets take. */
const MANY_KEYS = Array.from({length: 40_000}, (_, index) => `${index}`.padStart(48, 'k'));

describe('GET /scan', () => {
  it('answers the keys in [start, end) as a JSON array', async () => {
    const server = await TestServer.start(
      mapStore(new Map(['a', 'b', 'c', 'd'].map((key) => [key, '']))),
    );
    const answer = await server.ask('GET', '/scan?start=b&end=d');
    expect(answer).toMatchObject({status: 200, body: '["b","c"]'});
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect((await server.ask('GET', '/scan?start=b&end=b')).body).toBe('[]');
    expect((await server.ask('GET', '/scan?start=x&end=z')).body).toBe('[]');
  });

  it('is the key scan for a store without it', async () => {
    const server = await TestServer.start(putGetStore());
    expect((await server.ask('PUT', '/scan', 'v')).status).toBe(200);
    expect(await server.ask('GET', '/scan')).toMatchObject({status: 200, body: 'v'});
    expect((await server.ask('GET', '/scan?start=a&end=b')).status).toBe(400);
  });

  it('leaves the key scan to /keys/scan', async () => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(mapStore(entries));
    for (const method of ['PUT', 'DELETE', 'POST']) {
      const refused = await server.ask(method, '/scan', 'v');
      expect(refused.status).toBe(405);
      expect(refused.headers.get('allow')).toBe('GET, HEAD');
    }
    expect(entries.size).toBe(0);
    expect((await server.ask('PUT', '/keys/scan', 'v')).status).toBe(200);
    expect((await server.ask('GET', '/keys/scan')).body).toBe('v');
  });

  it.each(['/scan', '/scan?start=a', '/scan?end=b', '/scan?start=a&end=B'])(
    '%s is 400',
    async (target) => {
      const server = await TestServer.start(mapStore());
      const answer = await server.ask('GET', target);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatch(/^[^\n]+\n$/);
    },
  );

  it('answers a HEAD without scanning', async () => {
    const server = await TestServer.start({
      ...mapStore(),
      scan: () => {
        throw new Error('was asked to scan');
      },
    });
    expect((await server.ask('HEAD', '/scan?start=a&end=b')).status).toBe(200);
    expect(server.errors).toEqual([]);
  });

  it.each([
    ['at once', () => MANY_KEYS],
    ['one by one', () => promised(MANY_KEYS)],
  ])('streams a long answer that comes %s', async (_name, scan) => {
    const server = await TestServer.start({...mapStore(), scan});
    const client = await server.connect();
    client.send(requestText('GET', '/scan?start=a&end=z'));
    const answer = await client.readResponse();
    expect(answer.headers.get('transfer-encoding')).toBe('chunked');
    expect(JSON.parse(answer.body)).toEqual(MANY_KEYS);
    // The connection is good for more.
    client.send(requestText('GET', '/absent'));
    expect((await client.readResponse()).status).toBe(404);
  });

  it('streams to HTTP/1.0, ended by the close', async () => {
    const server = await TestServer.start({...mapStore(), scan: () => MANY_KEYS});
    const client = await server.connect();
    client.send('GET /scan?start=a&end=z HTTP/1.0\n\n');
    expect(JSON.parse((await client.readResponse()).body)).toEqual(MANY_KEYS);
  });
});

describe('a scan that fails', () => {
  it('before its first chunk is an ordinary error', async () => {
    const server = await TestServer.start({
      ...mapStore(),
      scan: () => failingAfter(3, new KvError('CORRUPTION', 'sst-1.json, byte 7: no such entry')),
    });
    const answer = await server.ask('GET', '/scan?start=a&end=z');
    expect(answer).toMatchObject({status: 500, body: 'sst-1.json, byte 7: no such entry\n'});
    expect(server.errors).toEqual([]);
  });

  it('in mid-answer breaks the connection and is reported', async () => {
    const failure = new KvError('IO', 'the disk is gone');
    const server = await TestServer.start({
      ...mapStore(),
      scan: () => failingAfter(10_000, failure),
    });
    const client = await server.connect();
    client.send(requestText('GET', '/scan?start=a&end=z'));
    const received = await client.readToEnd();
    expect(received).toContain('200 OK');
    expect(received.endsWith('\r\n0\r\n\r\n')).toBe(false);
    expect(server.errors).toEqual([failure]);
    expect(await server.isWell()).toBe(true);
  });
});

it('a scan ends when its client goes away', async () => {
  let onBegin = (): void => {};
  let onEnd = (): void => {};
  const begun = new Promise<void>((resolve) => {
    onBegin = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const server = await TestServer.start({
    ...mapStore(),
    *scan() {
      try {
        onBegin();
        for (;;) yield 'k'.repeat(64);
      } finally {
        onEnd();
      }
    },
  });
  const client = await server.connect();
  client.send(requestText('GET', '/scan?start=a&end=z'));
  await begun;
  client.destroy();
  await ended;
  expect(await server.isWell()).toBe(true);
});

async function* promised(keys: readonly string[]): AsyncIterable<string> {
  yield* keys;
}

function* failingAfter(count: number, error: Error): Iterable<string> {
  yield* MANY_KEYS.slice(0, count);
  throw error;
}
