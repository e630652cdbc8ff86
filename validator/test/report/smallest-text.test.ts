import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import type {SmallestReplay} from '../../src/grade/failure-result.ts';
import {replayLines} from '../../src/report/failure-card.ts';
import {smallestText} from '../../src/report/smallest-text.ts';

const FOUND: SmallestReplay = {
  path: '.kv/replays/x.txt',
  lineCount: 4,
  lines: [],
  isSmall: false,
  isMinimal: true,
  rate: {failed: 3, runs: 3},
  runs: 13,
};
const NOTHING: SmallestReplay = {
  lineCount: 0,
  lines: [],
  isSmall: false,
  isMinimal: false,
  rate: {failed: 0, runs: 0},
  runs: 0,
};

describe('what is said of a smaller replay', () => {
  it.each<[string, SmallestReplay]>([
    [
      '4 lines, each of which is needed (13 replays tried, the last ones failed 3 of 3 times)',
      FOUND,
    ],
    ['1 line (13 replays tried, the last ones failed 3 of 3 times)', {...FOUND, lineCount: 1}],
    [
      '4 lines; with more time (--shrink 60s) perhaps fewer (13 replays tried, the last one failed)',
      {...FOUND, isMinimal: false, rate: {failed: 1, runs: 1}},
    ],
    [
      '4 lines; the failure is intermittent: it fails 2 of 10 times (13 replays tried)',
      {...FOUND, isMinimal: false, isIntermittent: true, rate: {failed: 2, runs: 10}},
    ],
    [
      '4 lines; the failure is intermittent: these fail 3 of 3 times, fewer of them only now and then (13 replays tried)',
      {...FOUND, isMinimal: false, isIntermittent: true},
    ],
    // As a grader of an earlier version has written it.
    [
      '4 lines; the failure is intermittent: it fails 0 of 3 times (13 replays tried)',
      {...FOUND, rate: {failed: 0, runs: 3}},
    ],
    [
      'none was looked for: each try would wait for an answer that never comes (--shrink 60s gives it the time)',
      NOTHING,
    ],
    [
      'one replay of its requests takes longer than the time for it (--shrink 5m gives it more)',
      {...NOTHING, runs: 1},
    ],
    [
      'its requests, replayed one after another, did not fail again (once): it may fail only now and then, or the moment matters',
      {...NOTHING, runs: 1, rate: {failed: 0, runs: 1}},
    ],
    [
      'its requests, replayed one after another, did not fail again (5 times); a further replay took longer than the time for it (--shrink 5m gives it more)',
      {...NOTHING, runs: 6, rate: {failed: 0, runs: 5}},
    ],
  ])('%s', (text, smallest) => {
    expect(smallestText(smallest)).toBe(text);
  });

  it('is that a pass shows nothing, if it fails only now and then', () => {
    const plain = new Chalk({level: 0});
    const flaky = {...FOUND, isMinimal: false, rate: {failed: 2, runs: 10}};
    expect(replayLines(flaky, 'kv replay x.txt', plain).slice(-2)).toEqual([
      '  again        kv replay x.txt',
      '               if it passes, replay it once more',
    ]);
    expect(replayLines(FOUND, 'kv replay x.txt', plain).at(-1)).toBe(
      '  again        kv replay x.txt',
    );
  });
});
