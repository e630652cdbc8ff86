import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {BackgroundJob} from '../src/background-job.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A job that fails until it is told not to. */
function failingJob() {
  const state = {fails: true, attempts: 0};
  const job = new BackgroundJob(async () => {
    state.attempts += 1;
    await Promise.resolve();
    if (state.fails) throw new Error('no space');
  });
  return {job, state};
}

it('runs once for each notify, and once more for those that come meanwhile', async () => {
  const {job, state} = failingJob();
  state.fails = false;
  job.notify();
  job.notify();
  job.notify();
  await job.stop();
  expect(state.attempts).toBe(2);
});

it('tries again by itself, less and less often, until it succeeds', async () => {
  const {job, state} = failingJob();
  job.notify();
  await vi.advanceTimersByTimeAsync(0);
  expect(state.attempts).toBe(1);
  const attemptsAfterMs: number[] = [];
  for (let elapsedMs = 1; elapsedMs <= 60_000; elapsedMs++) {
    const before = state.attempts;
    await vi.advanceTimersByTimeAsync(1);
    if (state.attempts > before) attemptsAfterMs.push(elapsedMs);
  }
  expect(attemptsAfterMs.slice(0, 4)).toEqual([100, 300, 700, 1_500]);
  const last = attemptsAfterMs.slice(-2);
  expect((last[1] ?? 0) - (last[0] ?? 0)).toBe(10_000);
  state.fails = false;
  const before = state.attempts;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.attempts).toBe(before + 1);
});

it('tries again at once when there is more to do', async () => {
  const {job, state} = failingJob();
  job.notify();
  await vi.advanceTimersByTimeAsync(0);
  expect(state.attempts).toBe(1);
  state.fails = false;
  job.notify();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.attempts).toBe(2);
});

it('tries nothing more once it is stopped', async () => {
  const {job, state} = failingJob();
  job.notify();
  await job.stop();
  job.notify();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.attempts).toBe(1);
});
