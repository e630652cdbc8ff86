import {Random} from '@kv-workshop/fixtures/generate/random';
import {describe, expect, it} from 'vitest';
import {Keys} from '../../src/checks/keys.ts';
import {randomRanges} from '../../src/checks/ranges.ts';

describe('ranges for scans', () => {
  const random = new Random(5);
  const keys = new Keys(random).keys(300);
  const ranges = randomRanges(random, keys, 500);
  const held = ranges.map(([start, end]) => keys.filter((key) => start <= key && key < end).length);

  it('begin before they end, and have keys for ends', () => {
    for (const [start, end] of ranges) {
      expect(start <= end).toBe(true);
      for (const boundary of [start, end]) expect(boundary).toMatch(/^[a-z]{1,64}$/);
    }
  });

  it('hold many keys, a few, and none', () => {
    expect(held.filter((count) => count === 0).length).toBeGreaterThan(10);
    expect(held.filter((count) => count > 0 && count < 50).length).toBeGreaterThan(100);
    expect(held.filter((count) => count > 100).length).toBeGreaterThan(50);
  });

  it('begin and end at keys, often', () => {
    const known = new Set(keys);
    expect(ranges.filter(([start]) => known.has(start)).length).toBeGreaterThan(100);
    expect(ranges.filter(([, end]) => known.has(end)).length).toBeGreaterThan(100);
  });
});
