import {afterEach, describe, expect, it} from 'vitest';
import {checksOf} from '../../src/checks/catalogue.ts';
import {crashDuring} from '../../src/checks/crash-during.ts';
import {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {ServerFailure} from '../../src/errors.ts';
import {openServer, run} from '../grade/plan.ts';
import {CrashingServer, type Habits} from '../servers/crashing-server.ts';

const servers: CrashingServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
});

function crashing(habits?: Habits): CrashingServer {
  const server = new CrashingServer(habits);
  servers.push(server);
  return server;
}

/** Runs one check of week 3. */
async function result(id: string, habits?: Habits) {
  const server = crashing(habits);
  const check = checksOf(3).filter((each) => each.id === id);
  const source = {unavailable: () => undefined, open: () => openServer(server)};
  const [only] = await run(check, {week: 3, source});
  if (only === undefined) throw new Error(`there is no check ${id}`);
  return only;
}

const CHECKS = [
  'kill-twice',
  'kill-during-recovery',
  'kill-keeps-acknowledged',
  'kill-concurrent-writers',
];

describe.each(CHECKS)('%s', (id) => {
  it('passes a server that writes before it answers', async () => {
    expect(await result(id)).toMatchObject({state: 'pass'});
  });

  it('fails one that answers before it writes', async () => {
    const {state, failure} = await result(id, {buffered: 7});
    expect(state).toBe('fail');
    expect(failure?.life?.map(({what}) => what)).toContain('KILL');
    expect(failure?.invariant).toBe('What was acknowledged survives every stop and every crash.');
  });
});

describe('kill-twice', () => {
  it('fails a server whose second recovery finds less', async () => {
    let recoveries = 0;
    const recover = (disk: Map<string, string>) => (++recoveries > 2 ? new Map() : disk);
    expect(await result('kill-twice', {recover})).toMatchObject({state: 'fail'});
  });

  it('fails a server that makes something up', async () => {
    const recover = (disk: Map<string, string>) =>
      new Map(Array.from(disk, ([key]) => [key, 'invented']));
    const {failure} = await result('kill-twice', {recover});
    expect(failure?.summary).toMatch(/^a wrong value of [a-z]+ was read$/);
  });
});

describe('a server that does not start any more', () => {
  const starts = (count: number) => {
    if (count > 2) throw new ServerFailure('exited', 'the server exited with status 1', ['oh no']);
  };

  it('fails, with what happened to it', async () => {
    const {state, failure} = await result('kill-twice', {starts});
    expect(state).toBe('fail');
    expect(failure).toMatchObject({
      summary: 'the server exited with status 1',
      expected: 'a start on the data folder that it left behind',
      details: ['oh no'],
      life: [
        {at: 'after 409 writes', what: 'KILL'},
        {at: 'after 409 writes', what: 'KILL'},
      ],
    });
  });

  it('fails also while its start is being cut off', async () => {
    expect(await result('kill-during-recovery', {starts})).toMatchObject({state: 'fail'});
  });
});

describe('a server that does not end by SIGTERM', () => {
  it('passes with a remark', async () => {
    const {state, notes} = await result('restart-keeps-all', {endsBySigterm: false});
    expect(state).toBe('pass');
    expect(notes).toEqual(['did not end by SIGTERM and had to be killed, 3 times']);
  });
});

describe('crashDuring', () => {
  function* writes(): Generator<readonly [string, string]> {
    for (let number = 0; ; number++) yield [`key${number}`, `value ${number}`];
  }

  async function underTest(habits?: Habits): Promise<[ServerUnderTest, CrashingServer]> {
    const server = crashing(habits);
    const {signal} = new AbortController();
    const underTest_ = new ServerUnderTest(openServer(server), {week: 3, signal});
    await underTest_.start();
    return [underTest_, server];
  }

  it.each([1, 8])('kills after so many answers, on %i connections', async (connections) => {
    const [server, crashed] = await underTest();
    const crash = {writes: writes(), connections, afterAnswers: 50, delayMs: 0};
    const {acknowledged, unanswered} = await crashDuring(server, crash);
    expect(crashed.kills).toBe(1);
    expect(acknowledged).toBeGreaterThanOrEqual(50);
    expect(unanswered).toBeLessThanOrEqual(connections);
    expect(server.ledger.writes()).toHaveLength(acknowledged + unanswered);
  });

  it('deletes too', async () => {
    const [server] = await underTest();
    const keys = Array.from({length: 500}, (_, number) => `key${number}`);
    await server.putAll(keys.map((key) => [key, 'x']));
    const deletes = keys.map((key) => [key, null] as const);
    const crash = {writes: deletes.values(), connections: 4, afterAnswers: 50, delayMs: 0};
    const {acknowledged} = await crashDuring(server, crash);
    await server.start();
    await server.expectAll(keys);
    expect(keys.filter((key) => server.ledger.isDeleted(key)).length).toBeGreaterThanOrEqual(
      acknowledged,
    );
  });

  it('leaves both possible of a write that was cut off', async () => {
    const [server] = await underTest();
    const crash = {writes: writes(), connections: 4, afterAnswers: 20, delayMs: 0};
    await crashDuring(server, crash);
    for (const {key, value, outcome} of server.ledger.writes()) {
      const permitted = outcome === 'acknowledged' ? [value] : [null, value];
      expect(server.ledger.permitted(key)).toEqual(permitted);
    }
    await server.start();
    await server.expectAll(server.ledger.keys());
  });
});

describe('a connection that was closed without notice', () => {
  it('is opened again; the write is recorded twice, and the row says so', async () => {
    const {state, notes} = await result('kill-twice', {answersPerConnection: 300});
    expect(state).toBe('pass');
    expect(notes.join()).toMatch(/kept-open connections were closed without "Connection: close"/);
  });

  it('is a failure if it happens all the time', async () => {
    const {state, failure} = await result('kill-twice', {answersPerConnection: 10});
    expect(state).toBe('fail');
    expect(failure?.summary).toMatch(/^connections were closed without notice, 11 times$/);
  });
});
