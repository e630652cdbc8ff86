import {Random} from '@kv-workshop/fixtures/generate/random';
import {describe, expect, it} from 'vitest';
import {Keys} from '../../src/checks/keys.ts';

describe('keys', () => {
  it('are letters, and never the same one twice', () => {
    const keys = new Keys(new Random(1)).keys(5_000);
    expect(new Set(keys).size).toBe(5_000);
    for (const key of keys) expect(key).toMatch(/^[a-z]{8,20}$/);
  });

  it('are the same for the same seed', () => {
    expect(new Keys(new Random(7)).keys(10)).toEqual(new Keys(new Random(7)).keys(10));
    expect(new Keys(new Random(7)).keys(10)).not.toEqual(new Keys(new Random(8)).keys(10));
  });

  it('have values that every week takes, each another', () => {
    const keys = new Keys(new Random(1));
    const values = Array.from({length: 5_000}, () => keys.value());
    expect(new Set(values).size).toBe(5_000);
    for (const value of values) expect(value).toMatch(/^[\x20-\x7e]{1,64}$/);
  });

  it.each<[string, (keys: Keys) => string[]]>([
    ['none', () => []],
    ['many', (keys) => keys.keys(500)],
    [
      'a key and all of its prefixes',
      () => Array.from('abcdefghijkl', (_, index) => 'abcdefghijkl'.slice(0, index + 1)),
    ],
    ['the longest', () => ['a'.repeat(64)]],
    ['one letter', () => ['a']],
  ])('that were never written are none of those that were: %s', (_, write) => {
    const keys = new Keys(new Random(3));
    const written = write(keys);
    const never = keys.neverWritten(200, written);
    expect(new Set(never).size).toBe(200);
    expect(never.filter((key) => written.includes(key))).toEqual([]);
    for (const key of never) expect(key).toMatch(/^[a-z]{1,64}$/);
  });

  it('that were never written are often next to one that was', () => {
    const keys = new Keys(new Random(3));
    const written = keys.keys(100);
    const never = keys.neverWritten(100, written);
    const neighbours = never.filter((key) =>
      written.some((each) => each.startsWith(key) || key.startsWith(each)),
    );
    expect(neighbours.length).toBeGreaterThan(40);
  });
});
