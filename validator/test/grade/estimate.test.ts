import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {ServerUnderTest} from '../../src/checks/server-under-test.ts';
import {Estimate} from '../../src/grade/estimate.ts';
import {Pace} from '../../src/grade/pace.ts';
import {Quiet} from '../../src/report/reporter.ts';
import {fakeCheck, planOf} from './plan.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** What is estimated while the first of two checks has answered so many requests. */
function estimated(week: number, requestsAnswered: number, busyMs: number, jobs = 1): number[] {
  const told: number[] = [];
  class Listener extends Quiet {
    override estimated(totalMs?: number): void {
      told.push(totalMs ?? 0);
    }
  }
  const cost = {requests: 10_000, writes: 5_000, restarts: 9};
  const checks = [fakeCheck('first'), fakeCheck('second', undefined, {cost})];
  const plan = planOf(checks, {week, jobs, listener: new Listener()});
  const pace = new Pace(plan);
  const estimate = new Estimate(plan, pace);
  pace.checkRuns({requestsAnswered, busyMs, startMs: 100} as ServerUnderTest);
  estimate.checkRuns(checks[0] ?? fakeCheck('none'));
  vi.advanceTimersByTime(10_000);
  estimate.stop();
  return told;
}

describe('the estimate', () => {
  it('is told once, from the rate so far, and counts starts', () => {
    const [totalMs = 0, ...more] = estimated(1, 1_000, 1_000);
    expect(more).toEqual([]);
    // 10 starts of 100 ms, and 10,000 requests of 1 ms.
    expect(totalMs).toBeGreaterThan(11_000);
    expect(totalMs).toBeLessThan(11_500);
  });

  it('adds a sync for each write from week 3 on', () => {
    const [before = 0] = estimated(2, 1_000, 1_000);
    const [after = 0] = estimated(3, 1_000, 1_000);
    // 5,000 writes at 5,000 syncs a second.
    expect(Math.round((after - before) / 100)).toBe(10);
  });

  it('is about half of it if two checks run at a time', () => {
    const [one = 0] = estimated(1, 1_000, 1_000);
    const [two = 0] = estimated(1, 1_000, 1_000, 2);
    expect(Math.round((2 * two) / 100)).toBe(Math.round(one / 100));
  });

  it('waits until there is something to go by', () => {
    expect(estimated(1, 5, 1)).toEqual([]);
  });
});
