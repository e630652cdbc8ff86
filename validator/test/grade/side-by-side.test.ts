import {afterEach, describe, expect, it} from 'vitest';
import type {Check, CheckContext} from '../../src/checks/check.ts';
import {CheckFailure, Inconclusive} from '../../src/checks/failure.ts';
import type {RunPlan} from '../../src/grade/run-plan.ts';
import {Quiet} from '../../src/report/reporter.ts';
import {type MapServer, startMapServer} from '../servers/map-server.ts';
import {fakeCheck, openServer, run} from './plan.ts';

const servers: MapServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Writes down what the runner tells, in order. */
class Log extends Quiet {
  readonly lines: string[] = [];
  override checkStarted(check?: Check): void {
    this.lines.push(`${check?.id} starts`);
  }
  override failedEarly(result?: {id: string}): void {
    this.lines.push(`${result?.id} fails early`);
  }
  override checkEnded(result?: {id: string; state: string}): void {
    this.lines.push(`${result?.id}: ${result?.state}`);
  }
}

async function logOf(
  checks: readonly Check[],
  fields: Partial<RunPlan> = {},
  listener = new Log(),
): Promise<string[]> {
  await run(checks, {jobs: 2, listener, ...fields});
  return listener.lines;
}

/** A check that goes on until it is told to end, or is stopped. */
class Gate {
  #open: () => void = () => {};
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  readonly open = async (): Promise<void> => this.#open();

  readonly pass = async ({signal}: CheckContext): Promise<void> => {
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    await Promise.race([this.#opened, stopped]);
  };
}

async function fail(): Promise<void> {
  throw new CheckFailure({summary: 'it is wrong'});
}

describe('two checks at a time', () => {
  it('are told in their order, whichever ends first', async () => {
    const first = new Gate();
    const log = await logOf([
      fakeCheck('a', first.pass),
      fakeCheck('b'),
      fakeCheck('c', first.open),
    ]);
    expect(log).toEqual(['a starts', 'b starts', 'c starts', 'a: pass', 'b: pass', 'c: pass']);
  });

  it('do not become three', async () => {
    let running = 0;
    let peak = 0;
    const work = async () => {
      peak = Math.max(peak, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    };
    await logOf(['a', 'b', 'c', 'd', 'e'].map((id) => fakeCheck(id, work)));
    expect(peak).toBe(2);
  });

  it('do not run beside one that depends on time', async () => {
    const gate = new Gate();
    const checks = [
      fakeCheck('a', gate.open),
      fakeCheck('timed', gate.pass, {isTimed: true}),
      fakeCheck('b'),
    ];
    expect(await logOf(checks)).toEqual([
      'a starts',
      'a: pass',
      'timed starts',
      'timed: pass',
      'b starts',
      'b: pass',
    ]);
  });
});

describe('a failure beside another check', () => {
  it('is told at once, and its row comes in its place', async () => {
    const first = new Gate();
    const listener = new Log();
    listener.failedEarly = (result) => {
      listener.lines.push(`${result?.id} fails early`);
      void first.open();
    };
    const checks = [fakeCheck('a', first.pass), fakeCheck('b', fail), fakeCheck('c')];
    expect(await logOf(checks, {}, listener)).toEqual([
      'a starts',
      'b starts',
      'b fails early',
      'a: pass',
      'b: fail',
      'c: blocked',
    ]);
  });

  it('is blocked if the one before it fails too', async () => {
    const first = new Gate();
    const failLater = async (context: CheckContext) => {
      await first.pass(context);
      await fail();
    };
    const listener = new Log();
    listener.failedEarly = () => void first.open();
    const checks = [fakeCheck('a', failLater), fakeCheck('b', fail)];
    const log = await logOf(checks, {}, listener);
    expect(log.slice(-2)).toEqual(['a: fail', 'b: blocked']);
  });

  it('ends what runs for nothing, behind it', async () => {
    const never = new Gate();
    const log = await logOf([fakeCheck('a', fail), fakeCheck('b', never.pass), fakeCheck('c')]);
    expect(log).toEqual(['a starts', 'b starts', 'a: fail', 'b: blocked', 'c: blocked']);
  });

  it('ends nothing with all', async () => {
    const second = new Gate();
    const checks = [fakeCheck('a', fail), fakeCheck('b', second.pass), fakeCheck('c', second.open)];
    const log = await logOf(checks, {all: true});
    expect(log.filter((line) => line.includes(':'))).toEqual(['a: fail', 'b: pass', 'c: pass']);
  });
});

describe('a server that is too slow', () => {
  const unsure = fakeCheck('unsure', async ({server}) => {
    await server.expect('absent');
    throw new Inconclusive('it took too long');
  });

  /** The states of checks with so many requests each, behind one without a verdict. */
  async function statesBehind(requests: readonly number[]): Promise<string[]> {
    const map = await startMapServer();
    servers.push(map);
    const later = requests.map((count, index) =>
      fakeCheck(`later-${index}`, undefined, {cost: {requests: count, writes: 0, restarts: 0}}),
    );
    const source = {unavailable: () => undefined, open: () => openServer(map)};
    const results = await run([unsure, ...later], {source});
    return results.slice(1).map(({state}) => state);
  }

  it('ends the run if the rest would not end in time', async () => {
    expect(await statesBehind([1, 1e12, 1e12])).toEqual(['blocked', 'blocked', 'blocked']);
  });

  it('does not if most of the rest would', async () => {
    expect(await statesBehind([1, 1, 1, 1e12])).toEqual(['pass', 'pass', 'pass', 'pass']);
  });
});
