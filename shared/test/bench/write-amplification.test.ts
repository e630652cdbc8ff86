import {expect, test} from 'vitest';
import {tablesMax} from '../../../weeks/08-concurrency/src/level-sizes.ts';
import {DEFAULT_OPTIONS} from '../../../weeks/08-concurrency/src/options.ts';
import {compactionWrites} from '../../tools/bench/write-amplification.ts';

const OPTIONS = {...DEFAULT_OPTIONS, levelCount: 4};

test.each([10_000, 100_000, 1_000_000])('%d keys: the formula agrees with counting', (keys) => {
  expect(compactionWrites(keys, OPTIONS)).toBeCloseTo(countedWrites(keys), 6);
});

test('with two levels each compaction rewrites all there is', () => {
  expect(compactionWrites(100_000, {...OPTIONS, levelCount: 2})).toBe(5.5);
});

/** Entries that compactions write, for each that was put: level by level, batch by batch. */
function countedWrites(keys: number): number {
  const levels = Array.from({length: OPTIONS.levelCount}, () => 0);
  let written = 0;
  for (let put = 0; put < keys; put += OPTIONS.compactionUpdates) {
    levels[0] = OPTIONS.compactionUpdates;
    for (let level = 0; level < levels.length - 1; level++) {
      const entries = levels[level] ?? 0;
      const isFull = entries / OPTIONS.memtableEntriesMax >= tablesMax(level, OPTIONS);
      if (entries === 0 || !(isFull || level === 0)) continue;
      levels[level + 1] = (levels[level + 1] ?? 0) + entries;
      levels[level] = 0;
      written += levels[level + 1] ?? 0;
    }
  }
  return written / keys;
}
