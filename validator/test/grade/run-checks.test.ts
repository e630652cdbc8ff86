import {setTimeout as sleep} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import type {Check} from '../../src/checks/check.ts';
import {CheckFailure, Inconclusive} from '../../src/checks/failure.ts';
import {GraderError, ServerFailure} from '../../src/errors.ts';
import {fakeCheck, IDLE_CONTROL, openServer, run, states} from './plan.ts';

const NOWHERE = {host: '127.0.0.1', port: 1};

const failing = fakeCheck('failing', async () => {
  throw new CheckFailure({summary: 'it is wrong', expected: '1', got: '2'});
});

it('a check asks for the durability of its own week, whichever is graded', async () => {
  const permitted: Record<string, readonly (string | null)[]> = {};
  const restarts = (weekFirst: number) =>
    fakeCheck(
      `of-week-${weekFirst}`,
      async ({server: {ledger}}) => {
        ledger.wrote('a', '1', 'acknowledged');
        ledger.stopped('RESTART');
        permitted[`week ${weekFirst}`] = ledger.permitted('a');
        expect(ledger.settling.isInMemtable('a')).toBe(true);
      },
      {weekFirst},
    );
  expect(await states([restarts(2), restarts(3)], {week: 3})).toEqual([
    'of-week-2: pass',
    'of-week-3: pass',
  ]);
  expect(permitted).toEqual({'week 2': ['1', null], 'week 3': ['1']});
});

describe('the state of a check', () => {
  it('is pass if it returns', async () => {
    const [result] = await run([fakeCheck('good')]);
    expect(result).toMatchObject({id: 'good', state: 'pass', week: 1, notes: []});
    expect(result).not.toHaveProperty('reason');
  });

  it('is fail for a CheckFailure, with its card', async () => {
    const [result] = await run([failing]);
    expect(result).toMatchObject({state: 'fail', reason: 'it is wrong'});
    expect(result?.failure).toMatchObject({
      summary: 'it is wrong',
      expected: '1',
      got: '2',
      hints: {look: 'here'},
      reproduce: ["kv grade 1 --in 'my server' --check failing --seed 7"],
    });
  });

  it('is fail for a ServerFailure, with its details', async () => {
    const check = fakeCheck('hangs', async () => {
      throw new ServerFailure('hang', 'no answer within 10 s', ['its last output: x']);
    });
    const [result] = await run([check]);
    expect(result?.state).toBe('fail');
    expect(result?.failure?.details).toEqual(['its last output: x']);
  });

  it('is fail if the server cannot be ended afterwards', async () => {
    const dispose = async () => {
      throw new ServerFailure('survivor', 'something of it lives on');
    };
    const source = {unavailable: () => undefined, open: () => ({...openServer(), dispose})};
    const [result] = await run([fakeCheck('good')], {source});
    expect(result).toMatchObject({state: 'fail', reason: 'something of it lives on'});
  });

  it('is fail for what lives on, though the server seemed to have ended by itself', async () => {
    const control = {...IDLE_CONTROL, exitReason: () => 'exited with status 0'};
    const dispose = async () => {
      throw new ServerFailure('survivor', 'something of it lives on');
    };
    const open = () => ({...openServer({address: NOWHERE, control}), dispose});
    const [result] = await run([fakeCheck('good')], {
      source: {unavailable: () => undefined, open},
    });
    expect(result).toMatchObject({state: 'fail', reason: 'something of it lives on'});
    expect(result?.failure?.hints.cause).toContain('daemon');
  });

  it('is fail with hints about HTTP if no complete answer came', async () => {
    const check = fakeCheck('asks', ({server}) => server.put('a', '1'));
    const source = {
      unavailable: () => undefined,
      open: () => openServer({address: NOWHERE, control: IDLE_CONTROL}),
    };
    const [result] = await run([check], {source});
    expect(result?.state).toBe('fail');
    expect(result?.failure?.hints.chapter).toBe('docs/contract.md#http');
  });

  it('is inconclusive for Inconclusive', async () => {
    const check = fakeCheck('unsure', async () => {
      throw new Inconclusive('who knows');
    });
    expect(await run([check])).toMatchObject([{state: 'inconclusive', reason: 'who knows'}]);
  });

  it('is inconclusive at the deadline, even if the check does not stop by itself', async () => {
    const check = fakeCheck('slow', ({signal}) => sleep(60_000, undefined, {signal}), {
      deadlineMs: 20,
    });
    const [result] = await run([check], {week: 1});
    expect(result?.state).toBe('inconclusive');
    expect(result?.reason).toMatch(/^not finished after 0.02 s: 0 requests answered/);
  });

  it('has time for the disk, too, from week 3 on', async () => {
    const cost = {requests: 1_000_000, writes: 1_000_000, restarts: 0};
    const remaining: number[] = [];
    const check = fakeCheck(
      'slow',
      async ({deadline}) => {
        remaining.push(deadline - performance.now());
      },
      {cost, deadlineMs: 10_000},
    );
    await run([check], {week: 2});
    await run([check], {week: 3});
    const [before = 0, after = 0] = remaining;
    // A million writes at 5,000 syncs a second, twice.
    expect(Math.round((after - before) / 10_000)).toBe(40);
  });

  it('is inconclusive at the deadline whatever the check then throws', async () => {
    const check = fakeCheck(
      'confused',
      async ({signal}) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new CheckFailure({summary: 'the connection broke'});
      },
      {deadlineMs: 20},
    );
    expect(await states([check])).toEqual(['confused: inconclusive']);
  });

  it('is grader error for a GraderError', async () => {
    const check = fakeCheck('unlucky', async () => {
      throw new GraderError('no free port');
    });
    expect(await run([check])).toMatchObject([{state: 'grader-error', reason: 'no free port'}]);
  });

  it('is grader error for anything else, with the place', async () => {
    const check = fakeCheck('buggy', async () => {
      throw new TypeError('x is undefined');
    });
    const [result] = await run([check]);
    expect(result?.state).toBe('grader-error');
    expect(result?.reason).toMatch(/^bug in the grader: TypeError: x is undefined at .*run-checks/);
  });

  it('is unavailable, with the reason, where it cannot run', async () => {
    const source = {
      unavailable: ({needs}: Check) => (needs === 'requests' ? undefined : `no ${needs} here`),
      open: () => openServer(),
    };
    const checks = [fakeCheck('a'), fakeCheck('b', undefined, {needs: 'process'})];
    const results = await run(checks, {source});
    expect(results.map(({state}) => state)).toEqual(['pass', 'unavailable']);
    expect(results[1]?.reason).toBe('no process here');
  });

  it('is not claimed if its format is not', async () => {
    const check = fakeCheck('files', undefined, {claims: 'sstable'});
    expect(await run([check])).toMatchObject([
      {state: 'not-claimed', reason: 'kv.yaml does not claim files: sstable'},
    ]);
  });

  it('is what the check says if its format is claimed or required', async () => {
    const check = fakeCheck('files', undefined, {claims: 'sstable'});
    const environment = {
      fixturesDir: '',
      syncsPerSecond: 1,
      files: new Map([['sstable', '*.json']]),
      stretch: new Set<string>(),
    };
    expect(await states([check], {environment})).toEqual(['files: pass']);
    expect(await states([check], {required: new Set(['files'])})).toEqual(['files: pass']);
  });
});

describe('a failure', () => {
  const checks = [fakeCheck('first'), failing, fakeCheck('later'), fakeCheck('last')];

  it('blocks what comes later', async () => {
    const results = await run(checks);
    expect(results.map(({state}) => state)).toEqual(['pass', 'fail', 'blocked', 'blocked']);
    expect(results[3]).toMatchObject({blockedBy: 'failing', reason: 'failing failed'});
  });

  it('blocks nothing with all', async () => {
    const results = await run(checks, {all: true});
    expect(results.map(({state}) => state)).toEqual(['pass', 'fail', 'pass', 'pass']);
  });

  it('leaves unavailable what could not have run anyway', async () => {
    const unclaimed = fakeCheck('files', undefined, {claims: 'wal'});
    expect(await states([failing, unclaimed])).toEqual(['failing: fail', 'files: not-claimed']);
  });

  it('is not what an inconclusive check is: the run goes on', async () => {
    const unsure = fakeCheck('unsure', async () => {
      throw new Inconclusive('who knows');
    });
    expect(await states([unsure, fakeCheck('later')])).toEqual([
      'unsure: inconclusive',
      'later: pass',
    ]);
  });
});

describe('what a check is given', () => {
  it('is random numbers of its own, which depend on the seed and its id alone', async () => {
    const drawn = new Map<string, number>();
    const check = (id: string) =>
      fakeCheck(id, async ({random}) => void drawn.set(id, random.uint32()));
    await run([check('a'), check('b')]);
    const [a, b] = [drawn.get('a'), drawn.get('b')];
    expect(a).not.toBe(b);
    await run([check('b')]);
    expect(drawn.get('b')).toBe(b);
    await run([check('b')], {seed: 8});
    expect(drawn.get('b')).not.toBe(b);
  });

  it('is a server of its own, with the name of the check', async () => {
    const opened: string[] = [];
    const source = {
      unavailable: () => undefined,
      open(id: string) {
        opened.push(id);
        return openServer();
      },
    };
    await run([fakeCheck('a'), fakeCheck('b')], {source});
    expect(opened).toEqual(['a', 'b']);
  });

  it('is a place for notes', async () => {
    const check = fakeCheck('talks', async ({note}) => note('shortened'));
    expect(await run([check])).toMatchObject([{notes: ['shortened']}]);
  });
});
