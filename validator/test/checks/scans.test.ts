import {afterEach, describe, expect, it} from 'vitest';
import {CheckFailure, type Failure} from '../../src/checks/failure.ts';
import {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {openServer} from '../grade/plan.ts';
import {CrashingServer, type Habits} from '../servers/crashing-server.ts';

const servers: CrashingServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
});

/** With the keys a, b, c, d and f; e is deleted. */
async function filled(habits: Habits = {}): Promise<ServerUnderTest> {
  const crashing = new CrashingServer(habits);
  servers.push(crashing);
  const {signal} = new AbortController();
  const server = new ServerUnderTest(openServer(crashing), {week: 5, signal});
  await server.start();
  await server.putAll(Array.from('abcdef', (key) => [key, `value of ${key}`]));
  await server.delete('e');
  return server;
}

async function failureOf(work: Promise<void>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CheckFailure) return error.failure;
  throw new Error(`this is no CheckFailure: ${String(error)}`);
}

const answers = (body: string, status = 200): Habits => ({scanned: () => ({body, status})});

describe('a right SCAN', () => {
  it.each<[string, Habits]>([
    ['a JSON array', {}],
    ['objects with a key', answers('[{"key":"b"},{"key":"c","value":"x"},{"key":"d"}]')],
    ['an object', answers('{"b":"1","c":"2","d":"3"}')],
    ['keys with commas', answers('b, c, d')],
    ['one key a line', answers('b\nc\nd\n')],
  ])('may be %s', async (_, habits) => {
    const server = await filled(habits);
    await server.expectScan('b', 'f');
  });

  it.each<[string, Habits]>([
    ['[]', answers('[]')],
    ['nothing', answers('')],
    ['204', answers('', 204)],
  ])('of an empty range may be %s', async (_, habits) => {
    const server = await filled(habits);
    await server.expectScan('e', 'f');
    await server.expectScan('b', 'b');
  });

  it('settles what may be absent', async () => {
    const server = await filled();
    server.ledger.wrote('aa', 'x', 'unanswered');
    server.ledger.wrote('b', null, 'unanswered');
    await server.expectScan('a', 'c');
    expect(server.ledger.permitted('aa')).toEqual([null]);
    expect(server.ledger.permitted('b')).toEqual(['value of b']);
  });
});

describe('a wrong SCAN', () => {
  it.each<[string, Habits, Partial<Failure>]>([
    [
      'that ends too late',
      {scanned: (keys, end) => ({body: JSON.stringify([...keys, end])})},
      {summary: 'the scan answered f, the end of the range, which does not belong to it', key: 'f'},
    ],
    ['that is empty', answers('[]'), {summary: 'the scan left out b', got: 'no keys'}],
    [
      'that lacks a key',
      answers('["b","d"]'),
      {
        summary: 'the scan left out c',
        expected: '3 keys; at position 1 (the first is 0): c d',
        got: '2 keys; at position 1 (the first is 0): d',
        life: [
          {at: 'write 3', what: 'PUT c = value of c'},
          {at: '', what: '(4 writes of other keys meanwhile)'},
        ],
      },
    ],
    [
      'that lacks the last key',
      answers('["b","c"]'),
      {summary: 'the scan left out d', got: '2 keys; the last one is c'},
    ],
    [
      'with a deleted key',
      answers('["b","c","d","e"]'),
      {
        summary: 'the scan answered e, which is deleted',
        life: [
          {at: 'write 5', what: 'PUT e = value of e'},
          {at: 'write 7', what: 'DELETE e'},
          {at: '', what: '(1 writes of other keys meanwhile)'},
        ],
      },
    ],
    [
      'with a key of its own',
      answers('["b","bb","c","d"]'),
      {summary: 'the scan answered bb, which was never written'},
    ],
    [
      'from before the range',
      answers('["a","b","c","d"]'),
      {summary: 'the scan answered a, which is not in the range'},
    ],
    ['with a key twice', answers('["b","c","c","d"]'), {summary: 'the scan answered c twice'}],
    ['out of order', answers('["b","d","c"]'), {summary: 'the scan answered c after d'}],
    [
      'with an error',
      answers('no', 404),
      {summary: 'SCAN answered 404', expected: '200, also for an empty range (or 204)'},
    ],
    ['without a list', answers('"b"'), {summary: 'the body of a SCAN is not a list'}],
  ])('%s', async (_, habits, failure) => {
    const server = await filled(habits);
    const found = await failureOf(server.expectScan('b', 'f'));
    expect(found).toMatchObject({request: 'GET /scan?start=b&end=f HTTP/1.1', ...failure});
  });
});

describe('DELETE', () => {
  it.each([200, 202, 204])('may be answered with %i', async (status) => {
    const server = await filled({deleted: () => status});
    await server.deleteAll(['a', 'e', 'never']);
    await server.expectAll(['a', 'e', 'never']);
  });

  it('may be answered with 404 if the key may be absent', async () => {
    const server = await filled({deleted: (wasThere) => (wasThere ? 200 : 404)});
    await server.deleteAll(['a', 'a', 'e', 'never']);
    await server.expectAll(['a', 'e', 'never']);
  });

  it('may not be answered with 404 if the key is there', async () => {
    const {summary, expected, life} = await failureOf(filled({deleted: () => 404}).then(() => {}));
    expect(summary).toBe('DELETE was refused with 404');
    expect(expected).toBe('any 2xx');
    expect(life?.at(0)).toEqual({at: 'write 5', what: 'PUT e = value of e'});
  });

  it('may not fail for an absent key', async () => {
    const server = await filled({deleted: (wasThere) => (wasThere ? 200 : 500)});
    const {summary, expected} = await failureOf(server.delete('never'));
    expect(summary).toBe('DELETE was refused with 500');
    expect(expected).toBe('any 2xx, or 404');
  });
});

describe('a deleted key that is found', () => {
  it('is named for what it is', async () => {
    const server = await filled();
    server.ledger.wrote('a', null, 'acknowledged');
    const {summary, expected} = await failureOf(server.expect('a'));
    expect(summary).toBe('a was deleted, and was found');
    expect(expected).toBe('404');
  });
});
