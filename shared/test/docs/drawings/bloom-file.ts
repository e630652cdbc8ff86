/** The Bloom filter's file, and the bits of one key. */
import {hashPair, remainder} from '../../../../weeks/07-bloom-and-trie/src/key-hash.ts';
import {constantsOf} from './constants.ts';
import {table} from './table.ts';

const constant = constantsOf('weeks/07-bloom-and-trie/src/bloom-filter.ts');
const filterBytes = constant('FILTER_BYTES');
const filterBits = constant('FILTER_BITS');

export function bloomFile(): string {
  const [seedsBytes, crcBytes] = [constant('SEEDS_BYTES'), constant('CRC_BYTES')];
  const crc = filterBytes + seedsBytes;
  const rows = [
    ['offset', 'bytes', ''],
    ['0', String(filterBytes), `the bits: bit b is in byte b >> 3, with mask 1 << (b & 7)`],
    [String(filterBytes), String(seedsBytes / 2), 'seed of h1, little-endian: 0'],
    [String(filterBytes + seedsBytes / 2), String(seedsBytes / 2), 'seed of h2, little-endian: 1'],
    [String(crc), String(crcBytes), `CRC-64 of bytes 0 to ${crc - 1}`],
    [String(crc + crcBytes), '', 'end'],
  ];
  return table(rows, ['right', 'right', 'left']);
}

export function bloomBits(): string {
  const key = 'apple';
  const {first, second} = hashPair(key, [0n, 1n]);
  const [start, step] = [remainder(first, filterBits), remainder(second, filterBits)];
  const rows = [['i', 'bit', 'byte', 'mask', '']];
  for (let i = 0; i < constant('PROBES'); i++) {
    const sum = start + i * step;
    const bit = sum % filterBits;
    const wrapped = sum === bit ? '' : ` = ${sum} mod ${filterBits}`;
    rows.push([
      String(i),
      String(bit),
      String(bit >> 3),
      `0x${(1 << (bit & 7)).toString(16).padStart(2, '0')}`,
      `${start} + ${i} · ${step}${wrapped}`,
    ]);
  }
  const hashes = [
    [`h1("${key}")`, hex(first), `h1 mod ${filterBits} = ${start}`],
    [`h2("${key}")`, hex(second), `h2 mod ${filterBits} = ${step}`],
  ];
  const aligned = table(rows, ['right', 'right', 'right', 'right', 'left']);
  return `${table(hashes, ['left', 'left', 'left'])}\n${aligned}`;
}

/** A key that is long enough for all parts of the hash function. */
export function longKeyHashes(): string {
  const key = 'k'.repeat(64);
  const {first, second} = hashPair(key, [0n, 1n]);
  const rows = [
    ['64 times k, seed 0', hex(first)],
    ['64 times k, seed 1', hex(second)],
  ];
  return table(rows, ['left', 'left']);
}

function hex({high, low}: {readonly high: number; readonly low: number}): string {
  return `0x${[high, low].map((half) => half.toString(16).padStart(8, '0')).join('')}`;
}
