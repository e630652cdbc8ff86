import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {crc64, matchesCrc64, writeCrc64} from '../src/crc64.ts';

it('computes the check value of the catalogue of CRC algorithms', () => {
  const bytes = new TextEncoder().encode('123456789');
  expect(crc64(bytes)).toEqual({high: 0x6c40df5f, low: 0x0b497347});
});

it('equals the definition, bit by bit, for every length', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 40}), (bytes) => {
      const {high, low} = crc64(bytes);
      expect((BigInt(high) << 32n) | BigInt(low)).toBe(bitByBit(bytes));
    }),
  );
});

it('is stored little-endian', () => {
  const target = new Uint8Array(10);
  const bytes = new TextEncoder().encode('123456789');
  writeCrc64(target, 1, bytes);
  expect([...target]).toEqual([0, 0x47, 0x73, 0x49, 0x0b, 0x5f, 0xdf, 0x40, 0x6c, 0]);
  expect(matchesCrc64(target, 1, bytes)).toBe(true);
  target[8] = 0x6d;
  expect(matchesCrc64(target, 1, bytes)).toBe(false);
});

function bitByBit(bytes: Uint8Array): bigint {
  const polynomial = 0x42f0e1eba9ea3693n;
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 56n;
    for (let bit = 0; bit < 8; bit++) {
      const carry = crc >> 63n;
      crc = BigInt.asUintN(64, crc << 1n) ^ (carry * polynomial);
    }
  }
  return crc;
}
