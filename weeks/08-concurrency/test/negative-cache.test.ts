import {expect, it} from 'vitest';
import {NegativeCache} from '../src/negative-cache.ts';

it('forgets the key that was least recently used', () => {
  const cache = new NegativeCache(2);
  cache.add('a');
  cache.add('b');
  expect(cache.has('a')).toBe(true);
  cache.add('c');
  expect(cache.has('b')).toBe(false);
  expect(cache.has('a')).toBe(true);
  expect(cache.has('c')).toBe(true);
});

it('forgets a key that was written', () => {
  const cache = new NegativeCache(2);
  cache.add('a');
  cache.remove('a');
  expect(cache.has('a')).toBe(false);
});

it('of size 0 remembers nothing', () => {
  const cache = new NegativeCache(0);
  cache.add('a');
  expect(cache.has('a')).toBe(false);
});
