import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {Turns} from '../src/take-turns.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
});

afterEach(() => {
  vi.useRealTimers();
});

it('goes on without a rest while there are no requests, and lets all that waits run first', async () => {
  const turns = new Turns();
  const order: string[] = [];
  setImmediate(() => order.push('others'));
  for (let turn = 0; turn < 3; turn++) {
    await turns.end();
    order.push('turn');
  }
  expect(order.indexOf('others')).toBeLessThan(2);
  expect(vi.getTimerCount()).toBe(0);
});

it('rests after a turn in which there was a request, and only then', async () => {
  const turns = new Turns();
  turns.onRequest();
  let hasRested = false;
  const rest = turns.end().then(() => {
    hasRested = true;
  });
  expect(vi.getTimerCount()).toBe(1);
  await new Promise(setImmediate);
  expect(hasRested).toBe(false);
  await vi.advanceTimersByTimeAsync(2);
  await rest;
  await turns.end();
  expect(vi.getTimerCount()).toBe(0);
});
