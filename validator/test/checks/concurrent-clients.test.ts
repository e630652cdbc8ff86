import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, describe, expect, it} from 'vitest';
import {backgroundWorkEnds} from '../../src/checks/background-work.ts';
import {ConcurrentClients, type Step} from '../../src/checks/concurrent-clients.ts';
import {CheckFailure, type Failure} from '../../src/checks/failure.ts';
import {judgeHistory} from '../../src/checks/judge-history.ts';
import {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {writeSideBySide} from '../../src/checks/side-by-side.ts';
import {openServer} from '../grade/plan.ts';
import {CrashingServer, type Habits} from '../servers/crashing-server.ts';

const servers: CrashingServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
});

async function started(habits: Habits = {}): Promise<ServerUnderTest> {
  const crashing = new CrashingServer(habits);
  servers.push(crashing);
  const {signal} = new AbortController();
  const server = new ServerUnderTest(openServer(crashing), {week: 8, signal});
  await server.start();
  return server;
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CheckFailure) return error.failure;
  throw new Error(`this is no CheckFailure: ${String(error)}`);
}

const write = (key: string, value: string | null): Step => ({op: 'write', key, value});
const read = (key: string): Step => ({op: 'read', key});
const SCAN: Step = {op: 'scan', start: 'a', end: 'z'};

describe('concurrent clients', () => {
  it('record what they do, each client one thing after another', async () => {
    const clients = new ConcurrentClients(await started());
    await clients.run([
      [write('a', '1'), read('a'), write('a', null), read('a')],
      [write('b', '2'), read('b'), SCAN],
    ]);
    const {operations, scans} = clients.history;
    expect(operations.filter(({client}) => client === 0).map(({action}) => action)).toEqual([
      {op: 'put', value: '1'},
      {op: 'get', value: '1'},
      {op: 'delete'},
      {op: 'get', value: null},
    ]);
    expect(scans).toHaveLength(1);
    expect(clients.peakInFlight).toBe(2);
    expect(clients.longestSilenceMs).toBeGreaterThan(0);
    for (const each of [...operations, ...scans]) {
      expect(each.return).toBeGreaterThanOrEqual(each.invoke);
    }
    expect(judgeHistory(clients.history).verdict).toBe('linearizable');
  });

  it('show a contradiction as a timeline', async () => {
    const server = await started({absent: {status: 200, body: 'made up'}});
    const clients = new ConcurrentClients(server);
    await clients.run([[write('a', '1'), read('b')]]);
    const failure = await failureOf(Promise.resolve().then(() => judgeHistory(clients.history)));
    expect(failure.summary).toBe('b: GET: "made up", which nobody has written');
    expect(failure.key).toBe('b');
    expect(failure.details).toHaveLength(1);
  });

  it.each<[string, Habits, Step, string]>([
    ['a GET that fails', {absent: {status: 500, body: 'oops'}}, read('x'), 'GET answered 500'],
    ['a SCAN that fails', {scanned: () => ({status: 500, body: ''})}, SCAN, 'GET answered 500'],
    [
      'a DELETE that is refused',
      {deleted: () => 503},
      write('x', null),
      'DELETE was refused with 503',
    ],
  ])('end at %s', async (_, habits, step, summary) => {
    const clients = new ConcurrentClients(await started(habits));
    // The other one goes on for ever, and is stopped.
    const endless = function* (): Generator<Step> {
      for (let count = 0; ; count++) yield write('other', String(count));
    };
    expect(await failureOf(clients.run([endless(), [step]]))).toMatchObject({summary});
  });

  it('take a 404 for a DELETE of an absent key', async () => {
    const clients = new ConcurrentClients(await started({deleted: (was) => (was ? 200 : 404)}));
    await clients.run([[write('x', null), write('x', '1'), write('x', null)]]);
    expect(clients.history.operations).toHaveLength(3);
  });

  it('leave open what a closed connection has cut off, and send it again as another one', async () => {
    const clients = new ConcurrentClients(await started({answersPerConnection: 3}));
    await clients.run([Array.from({length: 8}, (_, count) => write(`k${count}`, 'x'))]);
    const {operations} = clients.history;
    const answered = operations.filter((each) => each.return !== Number.POSITIVE_INFINITY);
    expect(answered.map(({key}) => key)).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7']);
    expect(operations.length).toBeGreaterThanOrEqual(answered.length);
    expect(judgeHistory(clients.history).verdict).toBe('linearizable');
  });
});

describe('writes side by side', () => {
  it('are all in the ledger', async () => {
    const server = await started();
    const writes = Array.from({length: 50}, (_, index) => [`k${index}`, `v${index}`] as const);
    await writeSideBySide(server, [...writes, ['gone', null]], 8);
    expect(server.ledger.keys().sort()).toEqual([...writes.map(([key]) => key), 'gone'].sort());
    await server.expectAll(server.ledger.keys());
  });

  it('use the same connections again, as do requests one after another', async () => {
    const server = await started();
    for (const batch of ['a', 'b', 'c']) {
      const writes = Array.from({length: 20}, (_, index) => [`${batch}${index}`, 'x'] as const);
      await writeSideBySide(server, writes, 8);
      await server.expectAll(server.ledger.keys());
    }
    expect(server.open.client.connectionsOpened).toBe(8);
  });

  it('fail with the first that is refused', async () => {
    const server = await started({deleted: () => 500});
    const failure = await failureOf(
      writeSideBySide(
        server,
        [
          ['a', '1'],
          ['b', null],
        ],
        4,
      ),
    );
    expect(failure.summary).toBe('DELETE was refused with 500');
  });
});

describe('background work', () => {
  it('has ended when no file changes any more', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'kv-background-'));
    const server = {control: {dataDir}} as unknown as ServerUnderTest;
    try {
      expect(await backgroundWorkEnds({server})).toBe(0);
      let isWritten = false;
      const writing = (async () => {
        for (let step = 1; step <= 4; step++) {
          await sleep(20);
          writeFileSync(join(dataDir, 'file'), 'x'.repeat(step));
        }
        isWritten = true;
      })();
      expect(await backgroundWorkEnds({server})).toBeGreaterThan(0);
      expect(isWritten).toBe(true);
      await writing;
    } finally {
      rmSync(dataDir, {recursive: true, force: true});
    }
  });
});
