import {describe, expect, it} from 'vitest';
import {KvError, type KvErrorCode} from '../src/errors.ts';
import {mapStore, putGetStore} from './map-store.ts';
import {TestServer} from './test-server.ts';

const ONE_LINE = /^[^\n]+\n$/;

describe('PUT and GET', () => {
  it.each([
    ['text', 'hello, world'],
    ['digits as text', '007'],
    ['spaces around it', ' a  b '],
    ['JSON', '{"a": [1]}'],
    ['every permitted character', String.fromCharCode(...range(0x20, 0x7f))],
    ['nothing', ''],
    ['64 KiB', 'v'.repeat(65_536)],
  ])('give back a value of %s', async (_name, value) => {
    const server = await TestServer.start(putGetStore());
    expect(await server.ask('PUT', '/k', value)).toMatchObject({status: 200, body: value});
    const got = await server.ask('GET', '/k');
    expect(got).toMatchObject({status: 200, body: value});
    expect(got.headers.get('content-type')).toBe('text/plain');
    expect(got.headers.get('content-length')).toBe(String(value.length));
  });

  it('take a PUT without any body for an empty value', async () => {
    const server = await TestServer.start(putGetStore());
    expect(await server.ask('PUT', '/k')).toMatchObject({status: 200, body: ''});
    expect(await server.ask('GET', '/k')).toMatchObject({status: 200, body: ''});
  });

  it('answer 404 for an absent key', async () => {
    const server = await TestServer.start(putGetStore());
    const got = await server.ask('GET', '/k');
    expect(got.status).toBe(404);
    expect(got.body).toMatch(ONE_LINE);
  });

  it('reach a key through /keys too', async () => {
    const server = await TestServer.start(mapStore());
    await server.ask('PUT', '/a', '1');
    await server.ask('PUT', '/keys/b', '2');
    expect((await server.ask('GET', '/keys/a')).body).toBe('1');
    expect((await server.ask('GET', '/b')).body).toBe('2');
  });

  it('answer a HEAD as a GET without its body', async () => {
    const server = await TestServer.start(putGetStore(new Map([['k', 'abc']])));
    const found = await server.ask('HEAD', '/k');
    expect(found.status).toBe(200);
    expect(found.headers.get('content-length')).toBe('3');
    expect((await server.ask('HEAD', '/absent')).status).toBe(404);
  });

  it('work with a store that answers later', async () => {
    const entries = new Map<string, string>();
    const server = await TestServer.start({
      ...putGetStore(),
      get: async (key) => entries.get(key),
      put: async (key, value) => {
        entries.set(key, value);
      },
    });
    expect(await server.ask('PUT', '/k', 'v')).toMatchObject({status: 200, body: 'v'});
    expect(await server.ask('GET', '/k')).toMatchObject({status: 200, body: 'v'});
    expect(await server.ask('GET', '/l')).toMatchObject({status: 404});
  });
});

describe('DELETE', () => {
  it('answers 200 whether or not the key was there', async () => {
    const server = await TestServer.start(mapStore(new Map([['k', 'v']])));
    expect(await server.ask('DELETE', '/k')).toMatchObject({status: 200, body: ''});
    expect((await server.ask('GET', '/k')).status).toBe(404);
    expect((await server.ask('DELETE', '/k')).status).toBe(200);
  });

  it('waits for a store that answers later', async () => {
    const entries = new Map([['k', 'v']]);
    const server = await TestServer.start({
      ...mapStore(entries),
      delete: async (key) => {
        await Promise.resolve();
        entries.delete(key);
      },
    });
    expect((await server.ask('DELETE', '/k')).status).toBe(200);
    expect(entries.size).toBe(0);
  });

  it('is 405 for a store without it', async () => {
    const entries = new Map([['k', 'v']]);
    const server = await TestServer.start(putGetStore(entries));
    const deleted = await server.ask('DELETE', '/k');
    expect(deleted.status).toBe(405);
    expect(deleted.headers.get('allow')).toBe('GET, HEAD, PUT');
    expect(deleted.body).toMatch(ONE_LINE);
    expect(entries.get('k')).toBe('v');
  });
});

describe('bad requests', () => {
  it.each(['/', '/A', '/a%20b', `/${'k'.repeat(65)}`, `/${'k'.repeat(9_000)}`, '/a?b', '/keys/'])(
    '%.20s is 400, and nothing is written',
    async (target) => {
      const entries = new Map<string, string>();
      const server = await TestServer.start(mapStore(entries));
      for (const method of ['PUT', 'GET', 'DELETE']) {
        const answer = await server.ask(method, target, method === 'PUT' ? 'v' : undefined);
        expect(answer.status).toBe(400);
        expect(answer.body).toMatch(ONE_LINE);
      }
      expect(entries.size).toBe(0);
    },
  );

  it('an unknown route is 404', async () => {
    const server = await TestServer.start(mapStore());
    for (const target of ['/a/b', '/keys/a/b', '/scan/a']) {
      const answer = await server.ask('PUT', target, 'v');
      expect(answer.status).toBe(404);
      expect(answer.body).toMatch(ONE_LINE);
    }
  });

  it.each(['POST', 'PATCH', 'OPTIONS', 'PROPFIND', 'FROBNICATE', 'get'])(
    'the method %s is 405 with Allow',
    async (method) => {
      const server = await TestServer.start(mapStore());
      const answer = await server.ask(method, '/k', 'v');
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT, DELETE');
      expect(answer.body).toMatch(ONE_LINE);
    },
  );

  it.each([
    ['a line feed', 'a\nb'],
    ['a null', 'a\0'],
    ['a DEL', 'a\x7f'],
    ['a byte over 0x7f', 'caf\xe9'],
  ])('a value with %s is 400', async (_name, value) => {
    const entries = new Map<string, string>();
    const server = await TestServer.start(putGetStore(entries));
    const client = await server.connect();
    client.send(`PUT /k HTTP/1.1\nContent-Length: ${value.length}\n\n`);
    client.sendBytes(Buffer.from(value, 'latin1'));
    const answer = await client.readResponse();
    expect(answer.status).toBe(400);
    expect(answer.body).toMatch(ONE_LINE);
    expect(entries.size).toBe(0);
  });

  it("the store's limits decide what is too long or too short", async () => {
    const server = await TestServer.start({
      ...putGetStore(),
      valueLimits: {bytesMin: 1, bytesMax: 4},
    });
    expect((await server.ask('PUT', '/k', '')).status).toBe(400);
    expect((await server.ask('PUT', '/k', '1234')).status).toBe(200);
    const tooLong = await server.ask('PUT', '/k', '12345');
    expect(tooLong.status).toBe(413);
    expect(tooLong.body).toMatch(ONE_LINE);
    expect((await server.ask('GET', '/k')).body).toBe('1234');
  });
});

describe('errors of the store', () => {
  it.each<[KvErrorCode, number]>([
    ['INVALID_VALUE', 400],
    ['VALUE_TOO_LARGE', 413],
    ['CLOSED', 503],
    ['CORRUPTION', 500],
    ['IO', 500],
  ])('%s is answered with %i and its message in one line', async (code, status) => {
    const fail = (): never => {
      throw new KvError(code, 'what happened\nand where');
    };
    for (const failing of [fail, async () => fail()]) {
      const server = await TestServer.start({
        ...mapStore(),
        get: failing,
        put: failing,
        delete: failing,
      });
      for (const method of ['GET', 'PUT', 'DELETE']) {
        expect(await server.ask(method, '/k')).toMatchObject({
          status,
          body: 'what happened and where\n',
        });
      }
      expect(server.errors).toEqual([]);
    }
  });

  it('anything else is 500 without details, which are reported', async () => {
    const bug = new TypeError('undefined is not a function');
    const fail = (): never => {
      throw bug;
    };
    for (const failing of [fail, async () => fail()]) {
      const server = await TestServer.start({...putGetStore(), get: failing, put: failing});
      for (const method of ['GET', 'PUT']) {
        const answer = await server.ask(method, '/k');
        expect(answer.status).toBe(500);
        expect(answer.body).toMatch(ONE_LINE);
        expect(answer.body).not.toContain('undefined');
      }
      expect(server.errors).toEqual([bug, bug]);
    }
  });
});

function range(start: number, end: number): number[] {
  return Array.from({length: end - start}, (_, index) => start + index);
}
