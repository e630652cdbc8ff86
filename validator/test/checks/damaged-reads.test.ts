import {afterEach, describe, expect, it} from 'vitest';
import {type Excuse, readDamaged} from '../../src/checks/damaged-reads.ts';
import type {CheckFailure} from '../../src/checks/failure.ts';
import {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {openServer} from '../grade/plan.ts';
import {type Answer, type MapServer, startMapServer} from '../servers/map-server.ts';

const servers: MapServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** What comes of reading a key with the value 7 from a server that answers so. */
async function reading(answer: Answer, excuse: Excuse): Promise<string> {
  const map = await startMapServer({got: () => answer});
  servers.push(map);
  const {signal} = new AbortController();
  const server = new ServerUnderTest(openServer(map), {week: 6, signal});
  await server.put('apple', '7');
  try {
    return await readDamaged({server, week: 6}, 'apple', excuse);
  } catch (error) {
    return (error as CheckFailure).failure.expected ?? '';
  } finally {
    await server.dispose();
  }
}

const BOTH = {miss: true, error: true};
const ERROR = {miss: false, error: true};
const NONE = {miss: false, error: false};

describe('a read of damaged files', () => {
  it.each<[Answer, Excuse, string]>([
    [{status: 200, body: '7'}, NONE, 'right'],
    [{status: 500, body: 'damaged'}, ERROR, 'error'],
    [{status: 503, body: ''}, BOTH, 'error'],
    [{status: 404, body: ''}, BOTH, 'miss'],
  ])('may be answered with %o where %o is excused', async (answer, excuse, outcome) => {
    expect(await reading(answer, excuse)).toBe(outcome);
  });

  it.each<[Answer, Excuse, string]>([
    [{status: 200, body: '8'}, BOTH, '200 with "7" or 404 or 5xx'],
    [{status: 200, body: ''}, BOTH, '200 with "7" or 404 or 5xx'],
    [{status: 404, body: ''}, ERROR, '200 with "7" or 5xx'],
    [{status: 500, body: ''}, NONE, '200 with "7"'],
    [{status: 302, body: ''}, BOTH, '200 with "7" or 404 or 5xx'],
  ])('may not be answered with %o where %o is excused', async (answer, excuse, expected) => {
    expect(await reading(answer, excuse)).toBe(expected);
  });
});
