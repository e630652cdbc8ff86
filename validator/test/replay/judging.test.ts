import {describe, expect, test} from 'vitest';
import type {Fault} from './fake-server.ts';
import {replaying} from './replaying.ts';

const setup = replaying();

/** Answers GETs of one key with this. */
function getsAnswer(status: number, body: string): Fault {
  return ({method, response}) => {
    if (method !== 'GET') return false;
    response.statusCode = status;
    response.end(body);
    return true;
  };
}

const EVERY_KIND = `
  PUT a 007
  GET a 007
  PUT b two  words
  GET b [one two "two  words"]
  PUT empty ""
  GET empty ""
  SCAN a c a,b
  SCAN x z
  DELETE a
  GET a NOT_FOUND
  DELETE never
  SCAN a c b
`;

describe('a correct server', () => {
  test('passes one request after another, over one connection', async () => {
    const server = await setup.server();
    const result = await setup.replay(EVERY_KIND, undefined, {server});
    expect(result).toMatchObject({
      end: 'complete',
      answered: 12,
      failureCount: 0,
      peakInFlight: 1,
      connectionsOpened: 1,
      wasNeverConcurrent: false,
    });
    expect(server).toMatchObject({requests: 12, peakInFlight: 1, connections: 1});
  });

  test('passes blocks, as many at once as asked for', async () => {
    const first = Array.from({length: 8}, (_, i) => `PUT first${i} v`);
    const puts = Array.from({length: 16}, (_, i) => `PUT k${i} v`);
    const gets = Array.from({length: 16}, (_, i) => `GET k${i} v`);
    const waiting: (() => void)[] = [];
    // Once the connections are open: answers nothing until there are eight, so
    // fewer would be a hang.
    const server = await setup.server(({key, respond}) => {
      if (key.startsWith('first')) return false;
      if (waiting.push(respond) === 8) for (const each of waiting.splice(0)) each();
      return true;
    });
    const lines = [...first, ...puts, 'BARRIER', ...gets].join('\n');
    const result = await setup.replay(lines, undefined, {server, concurrency: 8});
    expect(result).toMatchObject({end: 'complete', answered: 40, failureCount: 0, peakInFlight: 8});
    expect(server.peakInFlight).toBe(8);
  });

  test('new connections come a few at a time, since servers have short queues for them', async () => {
    let unanswered = 0;
    let mostUnanswered = 0;
    const seen = new Set<unknown>();
    const server = await setup.server(({request, respond}) => {
      if (seen.has(request.socket)) return false;
      seen.add(request.socket);
      mostUnanswered = Math.max(mostUnanswered, ++unanswered);
      setTimeout(() => {
        unanswered--;
        respond();
      }, 5);
      return true;
    });
    const lines = Array.from({length: 60}, (_, i) => `PUT k${i} v`).join('\n');
    const result = await setup.replay(`${lines}\nBARRIER`, undefined, {server, concurrency: 20});
    expect(result).toMatchObject({end: 'complete', answered: 60});
    expect(mostUnanswered).toBe(4);
  });

  test('a block is over before the next one begins', async () => {
    let open = 0;
    let mixed = false;
    const fault: Fault = ({method, respond}) => {
      if (method === 'PUT') {
        open++;
        setTimeout(() => {
          open--;
          respond();
        }, 10);
        return true;
      }
      mixed ||= open > 0;
      return false;
    };
    const result = await setup.replay('PUT a 1\nPUT b 2\nBARRIER\nGET a 1\nGET b 2', fault);
    expect(result.failureCount).toBe(0);
    expect(mixed).toBe(false);
  });

  test('a file without BARRIER is sequential whatever the concurrency', async () => {
    const result = await setup.replay(EVERY_KIND, undefined, {concurrency: 8});
    expect(result.peakInFlight).toBe(1);
  });

  test('blocks at concurrency 1 say nothing about concurrency', async () => {
    const result = await setup.replay('PUT a 1\nPUT b 2\nBARRIER', undefined, {concurrency: 1});
    expect(result).toMatchObject({failureCount: 0, wasNeverConcurrent: true});
  });

  test('blocks of one request each need no concurrency', async () => {
    const result = await setup.replay('PUT a 1\nBARRIER\nGET a 1\nBARRIER');
    expect(result.wasNeverConcurrent).toBe(false);
  });
});

describe('wrong answers', () => {
  test.each([
    ['another value', 'GET a v', 200, 'w', {kind: 'value', permitted: ['v'], value: 'w'}],
    ['a value with a line feed', 'GET a v', 200, 'v\n', {kind: 'value', value: 'v\n'}],
    ['a number', 'GET a 007', 200, '7', {kind: 'value', value: '7'}],
    ['absent', 'GET a v', 404, '', {kind: 'value', permitted: ['v'], value: null}],
    ['200 and empty for absent', 'GET a NOT_FOUND', 200, '', {kind: 'value', value: ''}],
    ['none of a list', 'GET a [v NOT_FOUND]', 200, 'w', {kind: 'value', permitted: ['v', null]}],
    ['500', 'GET a v', 500, 'oops', {kind: 'status', status: 500, body: 'oops'}],
    ['201 for a GET', 'GET a v', 201, 'v', {kind: 'status'}],
    ['404 for an empty scan', 'SCAN a b', 404, '', {kind: 'status', status: 404}],
    ['a scan that is no list', 'SCAN a b', 200, '{"a', {kind: 'body'}],
    ['a key missing', 'SCAN a c a,b', 200, '["a"]', {kind: 'keys', keys: {missing: ['b']}}],
    ['a key too many', 'SCAN a c a', 200, '["a","b"]', {keys: {unexpected: ['b']}}],
    ['keys out of order', 'SCAN a c a,b', 200, '["b","a"]', {keys: {outOfOrder: 'a'}}],
    ['a key twice', 'SCAN a c a', 200, '["a","a"]', {keys: {repeated: 'a'}}],
  ])('%s', async (_, line, status, body, failure) => {
    const result = await setup.replay(line, getsAnswer(status, body));
    expect(result).toMatchObject({end: 'complete', answered: 1, failureCount: 1});
    expect(result.failures[0]).toMatchObject({request: {line: 1}, ...failure});
  });

  test.each([
    ['["a","b"]', 0],
    ['["b"]', 0],
    ['["a"]', 1],
  ])('an optional key of a scan may be absent: %s', async (body, failureCount) => {
    const result = await setup.replay('SCAN a c a?,b', getsAnswer(200, body));
    expect(result.failureCount).toBe(failureCount);
  });

  test.each([
    ['PUT a v', 204, 0],
    ['PUT a v', 302, 1],
    ['PUT a v', 400, 1],
    ['DELETE a', 204, 0],
    ['DELETE a', 404, 0],
    ['DELETE a', 405, 1],
  ])('%s answered with %d', async (line, status, failureCount) => {
    const result = await setup.replay(line, ({response}) => {
      response.statusCode = status;
      response.end();
      return true;
    });
    expect(result.failureCount).toBe(failureCount);
  });

  test('are kept up to a number, and counted beyond', async () => {
    const lines = 'GET a v\n'.repeat(30);
    const result = await setup.replay(lines, undefined, {failuresKept: 3});
    expect(result).toMatchObject({end: 'complete', failureCount: 30, answered: 30});
    expect(result.failures.map(({request}) => request.line)).toEqual([1, 2, 3]);
  });

  test('end the run after as many as was asked for', async () => {
    const lines = 'GET a v\n'.repeat(30);
    const result = await setup.replay(lines, undefined, {stopAfterFailures: 2});
    expect(result).toMatchObject({end: 'too-many-failures', failureCount: 2, answered: 2});
  });
});

describe('a block with several writers of a key settles on one value', () => {
  const LINES = `
    PUT a 1
    PUT a 2
    BARRIER
    GET a [1 2]
    BARRIER
    GET a [1 2]
    BARRIER
    PUT a 3
    BARRIER
    GET a 3
  `;

  test('which both reads see', async () => {
    const result = await setup.replay(LINES);
    expect(result.failureCount).toBe(0);
  });

  test('or the second one is wrong, though its line permits it', async () => {
    let reads = 0;
    const result = await setup.replay(LINES, (request) => {
      if (request.method !== 'GET' || reads === 2) return false;
      request.response.end(String(++reads));
      return true;
    });
    expect(result.failures).toHaveLength(1);
    expect(result.failures[0]).toMatchObject({
      kind: 'changed',
      request: {line: 6},
      permitted: ['1'],
      settledAtLine: 4,
      value: '2',
    });
  });

  test('reads in the same block as the writes are free', async () => {
    let reads = 0;
    const lines = 'PUT a 1\nPUT a 2\nBARRIER\nPUT a 3\nGET a [1 2 3]\nGET a [1 2 3]\nGET a [1 2 3]';
    const result = await setup.replay(lines, ({method, response}) => {
      if (method !== 'GET') return false;
      response.end(String(++reads));
      return true;
    });
    expect(result.failureCount).toBe(0);
  });
});

test('latencies and speed are measured', async () => {
  const {latency, durationMs, requestsPerSecond} = await setup.replay(EVERY_KIND);
  expect(latency.p50Ms).toBeGreaterThan(0);
  expect(latency.p99Ms).toBeGreaterThanOrEqual(latency.p50Ms);
  expect(latency.maxMs).toBeGreaterThanOrEqual(latency.p99Ms);
  expect(requestsPerSecond).toBeCloseTo((12 / durationMs) * 1_000);
});

test('progress is reported, and at the end all of it', async () => {
  const seen: number[] = [];
  await setup.replay(EVERY_KIND, undefined, {
    onProgress: ({answered, requests, line}) => {
      expect(requests).toBe(12);
      expect(line).toBeLessThanOrEqual(12);
      seen.push(answered);
    },
  });
  expect(seen.at(-1)).toBe(12);
});

test('an AbortSignal ends it', async () => {
  const controller = new AbortController();
  const lines = 'GET a NOT_FOUND\n'.repeat(100);
  const result = await setup.replay(
    lines,
    ({number}) => {
      if (number < 10) return false;
      controller.abort();
      return true;
    },
    {signal: controller.signal},
  );
  expect(result).toMatchObject({end: 'aborted', answered: 9, failureCount: 0});
  expect(result.breakdown).toBeUndefined();
});
