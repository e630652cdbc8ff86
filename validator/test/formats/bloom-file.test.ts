import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  expectedFalsePositives,
  FILTER_BYTES,
  isSet,
  mayHave,
  probesOf,
  readBloomFile,
} from '../../src/formats/bloom-file.ts';
import {checksumOf} from '../../src/formats/checksum.ts';
import {REFERENCE_FORM} from './block-files.ts';

const KEYS = Array.from({length: 1_953}, (_, index) => `key_${index}`);

function bitsOf(keys: readonly string[], seeds: readonly [bigint, bigint] = [0n, 1n]): Uint8Array {
  const bits = new Uint8Array(FILTER_BYTES);
  for (const key of keys) {
    for (const bit of probesOf({seeds}, key))
      bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }
  return bits;
}

function longFile(bits: Uint8Array, seeds: readonly [bigint, bigint]): Uint8Array {
  const bytes = new Uint8Array(FILTER_BYTES + 24);
  bytes.set(bits);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(FILTER_BYTES, seeds[0], true);
  view.setBigUint64(FILTER_BYTES + 8, seeds[1], true);
  bytes.set(checksumOf(bytes.subarray(0, FILTER_BYTES + 16), REFERENCE_FORM), FILTER_BYTES + 16);
  return bytes;
}

describe('a Bloom filter', () => {
  it('has the bits that the contract shows for apple', () => {
    expect(probesOf({seeds: [0n, 1n]}, 'apple')).toEqual([13983, 3925, 13835, 3777, 13687]);
    const {bits} = readBloomFile(bitsOf(['apple']));
    expect(bits[1747]).toBe(0x80);
    expect(isSet(bits, 13983)).toBe(true);
    expect(isSet(bits, 13984)).toBe(false);
  });

  it('may be its bits alone', () => {
    const filter = readBloomFile(bitsOf(KEYS));
    expect(filter).toMatchObject({seeds: [0n, 1n], checksum: 'none', problems: []});
    expect(KEYS.every((key) => mayHave(filter, key))).toBe(true);
  });

  it('may have seeds of its own, and a checksum', () => {
    const seeds = [0xffff_ffff_ffff_fff0n, 77n] as const;
    const filter = readBloomFile(longFile(bitsOf(KEYS, seeds), seeds));
    expect(filter).toMatchObject({seeds, checksum: 'right', crcForm: REFERENCE_FORM, problems: []});
    expect(KEYS.every((key) => mayHave(filter, key))).toBe(true);
    const absent = KEYS.filter((key) => mayHave(filter, `${key}x`)).length / KEYS.length;
    expect(absent).toBeLessThan(0.02);
    expect(expectedFalsePositives(filter)).toBeCloseTo(0.0087, 3);
  });

  it('has a problem if its checksum is wrong, whichever bit is', () => {
    const bytes = longFile(bitsOf(KEYS), [0n, 1n]);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(readBloomFile(damaged)).toMatchObject({
          checksum: 'wrong',
          problems: [{rule: 'checksum', message: 'its checksum is no CRC-64 of bytes 0 to 2511'}],
        });
      }),
    );
  });

  it('of zeros claims no checksum, and has nothing', () => {
    const filter = readBloomFile(new Uint8Array(2520));
    expect(filter).toMatchObject({checksum: 'none', bitsSet: 0});
    expect(mayHave(filter, 'apple')).toBe(false);
  });

  it.each([0, 1, 2495, 2497, 2519, 2521, 100_000])('of %d bytes has the wrong size', (size) => {
    const {problems} = readBloomFile(new Uint8Array(size));
    expect(problems).toMatchObject([
      {offset: Math.min(size, 2520), message: `it has ${size} bytes, not 2496 or 2520`},
    ]);
  });

  it('can be read of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 3_000}), fc.string(), (bytes, key) => {
        expect(typeof mayHave(readBloomFile(bytes), key)).toBe('boolean');
      }),
    );
  });
});
