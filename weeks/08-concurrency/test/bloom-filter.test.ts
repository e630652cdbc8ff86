import {SeededRandom} from '@kv-workshop/shared/seeded-random';
import {describe, expect, it} from 'vitest';
import {BloomFilter} from '../src/bloom-filter.ts';
import {hashPair, remainder} from '../src/key-hash.ts';

const KEYS_MAX = 1953;
const FILTERS = 10;
const PROBED = 10_000;

describe.each([
  ['standard', false, 0.012],
  ['blocked', true, 0.013],
])('a %s filter', (_, isBlocked, rateMax) => {
  it('has every key that was added', () => {
    const {filter, keys} = filled(1, isBlocked);
    for (const key of keys) expect(filter.mayHave(key)).toBe(true);
  });

  it('has few of the keys that were not', () => {
    let positives = 0;
    for (let seed = 1; seed <= FILTERS; seed++) {
      const {filter, random} = filled(seed, isBlocked);
      for (let index = 0; index < PROBED; index++) {
        // Longer than all that were added.
        if (filter.mayHave(`${newKey(random)}xx`)) positives += 1;
      }
    }
    const rate = positives / (FILTERS * PROBED);
    expect(rate).toBeLessThan(rateMax);
    // One that says yes or no to everything is not a filter.
    expect(rate).toBeGreaterThan(0.004);
  });

  it('is the same after it was stored', () => {
    const {filter, random} = filled(1, isBlocked, [5n, 2n ** 64n - 1n]);
    const stored = BloomFilter.decode(filter.encode());
    for (let index = 0; index < PROBED; index++) {
      const key = newKey(random);
      expect(stored?.mayHave(key)).toBe(filter.mayHave(key));
    }
  });

  it('is not trusted with any byte changed, or cut', () => {
    const bytes = filled(1, isBlocked).filter.encode();
    for (let offset = 0; offset < bytes.length; offset++) {
      const changed = bytes.slice();
      changed[offset] = (changed[offset] ?? 0) ^ 0x10;
      expect(BloomFilter.decode(changed)).toBeUndefined();
      expect(BloomFilter.decode(bytes.slice(0, offset))).toBeUndefined();
    }
  });
});

it('sets the bits that the contract says', () => {
  const filter = new BloomFilter();
  filter.add('apple');
  const bytes = filter.encode();
  const [first, second] = [0n, 1n].map((seed) => exactHash('apple', seed));
  const expected = new Set<number>();
  for (let probe = 0n; probe < 5n; probe++) {
    const start = (first ?? 0n) % 19_968n;
    const step = (second ?? 0n) % 19_968n;
    expected.add(Number((start + probe * step) % 19_968n));
  }
  const set = new Set<number>();
  for (let bit = 0; bit < 19_968; bit++) {
    if (((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0) set.add(bit);
  }
  expect(set).toEqual(expected);
});

it('hashes with xxHash64, and takes remainders of all 64 bits', () => {
  const empty = hashPair('', [0n, 1n]).first;
  expect(empty).toEqual({high: 0xef46db37, low: 0x51d8e999});
  expect(remainder(empty, 19_968)).toBe(Number(0xef46db3751d8e999n % 19_968n));
});

function exactHash(key: string, seed: bigint): bigint {
  const {high, low} = hashPair(key, [seed, 0n]).first;
  return (BigInt(high) << 32n) | BigInt(low);
}

function filled(
  seed: number,
  isBlocked: boolean,
  seeds?: readonly [bigint, bigint],
): {filter: BloomFilter; keys: string[]; random: SeededRandom} {
  const random = new SeededRandom(seed);
  const filter = new BloomFilter(seeds, isBlocked);
  const keys = Array.from({length: KEYS_MAX}, () => newKey(random));
  for (const key of keys) filter.add(key);
  return {filter, keys, random};
}

function newKey(random: SeededRandom): string {
  return Array.from({length: 12}, () => random.below(36).toString(36)).join('');
}
