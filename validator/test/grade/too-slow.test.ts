import {describe, expect, it} from 'vitest';
import {type Progress, tooSlowToEnd} from '../../src/grade/too-slow.ts';

const SLOW: Progress = {
  elapsedMs: 10_000,
  answered: 5,
  busyMs: 10_000,
  requests: 500,
  deadlineMs: 300_000,
};

describe('a check', () => {
  it('is given up if it would take far longer than it may', () => {
    expect(tooSlowToEnd(SLOW)).toBe(
      'too slow: 2.00 s an answer on average; 500 requests would take 16 min 40 s, and 5 min 0 s is the limit',
    );
  });

  it.for<[string, Partial<Progress>]>([
    ['has only begun', {elapsedMs: 4_000}],
    ['waits for one of its first answers', {answered: 4}],
    ['may be done in a little more than its time', {requests: 400}],
    ['was not waiting for answers', {busyMs: 100}],
  ])('is not if it %s', ([, fields]) => {
    expect(tooSlowToEnd({...SLOW, ...fields})).toBeUndefined();
  });
});
