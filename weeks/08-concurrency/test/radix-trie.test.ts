import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {RadixTrie} from '../src/radix-trie.ts';

/** Few characters, so that keys are prefixes of each other, and edges are split. */
const KEY = fc.string({unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 6});
const WRITES = fc.array(fc.tuple(KEY, fc.option(fc.string(), {freq: 4})), {maxLength: 100});

it('agrees with a Map, in order, from any key on', () => {
  fc.assert(
    fc.property(WRITES, KEY, (writes, other) => {
      const trie = new RadixTrie();
      const model = new Map<string, string | null>();
      for (const [key, value] of writes) {
        trie.put(key, value);
        model.set(key, value);
      }
      trie.checkInvariants();
      expect(trie.size).toBe(model.size);
      expect(trie.get(other)).toBe(model.get(other));
      for (const [key, value] of model) expect(trie.get(key)).toBe(value);
      const sorted = Array.from(model, ([key, value]) => ({key, value}));
      sorted.sort((a, b) => (a.key < b.key ? -1 : 1));
      expect([...trie.entries()]).toEqual(sorted);
      expect([...trie.entries(other)]).toEqual(sorted.filter(({key}) => key >= other));
    }),
  );
});

it('has nothing for a key that is a prefix only, or ends inside an edge', () => {
  const trie = new RadixTrie();
  trie.put('foobar', '1');
  trie.put('foobaz', '2');
  for (const key of ['f', 'foo', 'fooba', 'foobarr', 'foobay', 'g']) {
    expect(trie.get(key)).toBeUndefined();
  }
  trie.put('fooba', null);
  expect(trie.get('fooba')).toBeNull();
  expect(trie.size).toBe(3);
});

it('looks at no more than the way to a range and the range', () => {
  const trie = new RadixTrie();
  for (let number = 0; number < 10_000; number++) trie.put(String(number).padStart(4, '0'), 'x');
  const entries = trie.entries('5678');
  expect(entries.next().value?.key).toBe('5678');
  expect(entries.next().value?.key).toBe('5679');
});
