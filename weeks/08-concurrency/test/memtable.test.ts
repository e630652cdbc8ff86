import {expect, it} from 'vitest';
import {Memtable} from '../src/memtable.ts';

it('knows all keys of a full memtable, the newest value of each, and no other', () => {
  const memtable = new Memtable();
  const expected = new Map<string, string | null>();
  const keys = Array.from({length: 2_000}, (_, index) => `key${(index * 7_919) % 100_003}`);
  for (const [index, key] of [...keys, ...keys.slice(0, 500)].entries()) {
    const value = index % 10 === 9 ? null : `value${index}`;
    memtable.put(key, value);
    expected.set(key, value);
    expect(memtable.get(key)).toBe(value);
  }
  for (const [key, value] of expected) expect(memtable.get(key)).toBe(value);
  for (const key of keys) expect(memtable.get(`${key}x`)).toBeUndefined();
  expect(memtable.size).toBe(2_000);
});
