import {expect, it} from 'vitest';
import {crc32, sealRecord, unsealRecord} from '../src/record-checksum.ts';

const RECORD = '{"op":"put","key":"apple","value":"7"}';

it('computes CRC-32: the check value of the catalogue of CRC algorithms', () => {
  expect(crc32('123456789')).toBe(0xcbf43926);
});

it('gives a sealed record back', () => {
  expect(unsealRecord(sealRecord(RECORD))).toBe(RECORD);
});

it('takes a record without a checksum as it is', () => {
  expect(unsealRecord(RECORD)).toBe(RECORD);
});

it('refuses a sealed record in which one character was changed', () => {
  expect(() => unsealRecord(sealRecord(RECORD).replace('"7"', '"8"'))).toThrow('checksum');
});
