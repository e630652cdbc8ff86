import type {Random} from '@kv-workshop/fixtures/generate/random';
import {letters} from './keys.ts';

/** Behind every key that a check draws. */
export const LAST_KEY = 'z'.repeat(24);

/** Keys in a range, at most, if it is no long one. */
const KEYS_MAX = [0, 1, 5, 50];

/**
 * Ranges for scans, each half-open: their ends are keys, or lie next to one,
 * or anywhere. Some hold a few keys, some many, some none.
 */
export function randomRanges(
  random: Random,
  keys: readonly string[],
  count: number,
): [start: string, end: string][] {
  const sorted = keys.toSorted();
  return Array.from({length: count}, () => {
    const first = random.below(sorted.length);
    const length = random.below(1 + random.pick([...KEYS_MAX, sorted.length]));
    const start = boundary(random, sorted[first] ?? 'a');
    const end = boundary(random, sorted[first + length] ?? LAST_KEY);
    return start <= end ? [start, end] : [end, start];
  });
}

function boundary(random: Random, key: string): string {
  const forms = [key, key, `${key}a`.slice(0, 64), key.slice(0, -1), letters(random, 2)];
  return random.pick(forms) || 'a';
}
