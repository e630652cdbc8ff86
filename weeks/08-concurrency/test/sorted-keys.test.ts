import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {SortedKeys} from '../src/sorted-keys.ts';

const KEY = fc.string({unit: fc.constantFrom('0', '_', 'a'), minLength: 1, maxLength: 8});
const SORTED = fc.uniqueArray(KEY, {maxLength: 40}).map((keys) => keys.toSorted());

it('finds what a linear search finds, whatever the keys have in common', () => {
  fc.assert(
    fc.property(fc.constantFrom('', 'k', 'key_'), SORTED, KEY, (prefix, endings, ending) => {
      const keys = endings.map((other) => prefix + other);
      const sorted = new SortedKeys(keys);
      for (const key of [...keys, ending, prefix + ending]) {
        expect(sorted.lastNotBehind(key)).toBe(keys.findLastIndex((other) => other <= key));
      }
    }),
  );
});

it.each([
  {keys: [], key: 'a', index: -1},
  {keys: ['key'], key: 'ke', index: -1},
  {keys: ['key'], key: 'key', index: 0},
  {keys: ['key'], key: 'kez', index: 0},
  {keys: ['key0001', 'key0002'], key: 'kex', index: -1},
  {keys: ['key0001', 'key0002'], key: 'key00015', index: 0},
  {keys: ['key0001', 'key0002'], key: 'kez', index: 1},
  {keys: ['aaaaaaaa', 'baaaaaaa', 'baaaaaab', 'c'], key: 'baaaaaab', index: 2},
])('of $keys the last that is not behind $key is at $index', ({keys, key, index}) => {
  expect(new SortedKeys(keys).lastNotBehind(key)).toBe(index);
});
