import {describe, expect, it} from 'vitest';
import {detectForm, matchesForm} from '../../src/formats/checksum.ts';
import {CRC64_VARIANTS, type Crc64Variant, crc64} from '../../src/formats/crc64.ts';

/** Of the digits 123456789, as the catalogue has them. */
const CHECK_VALUES: Readonly<Record<string, string>> = {
  'CRC-64/ECMA-182': '6c40df5f0b497347',
  'CRC-64/XZ': '995dc9bbdf1939fa',
  'CRC-64/GO-ISO': 'b90956c775a41001',
  'CRC-64/WE': '62ec59e3f1a4f00a',
  'CRC-64/REDIS': 'e9c6d914c4b8d9ca',
  'CRC-64/NVME': 'ae8b14860a799888',
  'CRC-64/MS': '75d4b74f024eceea',
  'CRC-64/JONES': 'caa717168609f281',
  'CRC-64/ISO-3309': '46a5a9388a5beffe',
};

const DIGITS = new TextEncoder().encode('123456789');

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** Bit by bit, with BigInt: slow, and as the definition has it. */
function slowCrc64(bytes: Uint8Array, variant: Crc64Variant): bigint {
  const {polynomial, isReflected, startsAsOnes, endsInverted} = variant;
  const all = (1n << 64n) - 1n;
  const terms = (BigInt(polynomial.high) << 32n) | BigInt(polynomial.low);
  let register = startsAsOnes ? all : 0n;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const next = BigInt((byte >> (isReflected ? bit : 7 - bit)) & 1);
      const carry = (register >> 63n) ^ next;
      register = (register << 1n) & all;
      if (carry === 1n) register ^= terms;
    }
  }
  if (isReflected) register = reversed(register);
  return endsInverted ? register ^ all : register;
}

function reversed(bits: bigint): bigint {
  return BigInt(`0b${Array.from(bits.toString(2).padStart(64, '0')).toReversed().join('')}`);
}

describe.each(CRC64_VARIANTS)('$name', (variant) => {
  it('has its check value', () => {
    expect(hex(crc64(DIGITS, variant))).toBe(CHECK_VALUES[variant.name]);
  });

  it('agrees with the definition', () => {
    const bytes = Uint8Array.from({length: 200}, (_, index) => (index * 151 + 7) & 0xff);
    const expected = slowCrc64(bytes, variant).toString(16).padStart(16, '0');
    expect(hex(crc64(bytes, variant))).toBe(expected);
  });

  it.each(['little-endian', 'big-endian'] as const)('is detected in %s', (byteOrder) => {
    const crc = crc64(DIGITS, variant);
    const stored = byteOrder === 'big-endian' ? crc : crc.toReversed();
    expect(detectForm(DIGITS, stored)).toEqual({variant, byteOrder});
    expect(matchesForm(DIGITS, stored, {variant, byteOrder})).toBe(true);
    expect(matchesForm(DIGITS.subarray(1), stored, {variant, byteOrder})).toBe(false);
  });
});

it('detects nothing in what is no checksum', () => {
  expect(detectForm(DIGITS, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBeUndefined();
});
