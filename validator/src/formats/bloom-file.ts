/**
 * The Bloom filter of an SSTable, in a file beside it.
 *
 *   sst-1.bloom      0  19,968 bits; bit b is in byte b >> 3, with mask 1 << (b & 7)
 *                 2496  two seeds, 8 bytes each, little-endian
 *                 2512  CRC-64 of all before
 *
 * A file may end behind the bits: then the seeds are 0 and 1.
 */
import xxhash from 'xxhash-wasm';
import {type ChecksumState, type CrcForm, detectForm, isUnclaimed} from './checksum.ts';
import type {Problem} from './problem.ts';

export const FILTER_BYTES = 2496;
const FILTER_BITS = 8 * FILTER_BYTES;
const PROBES = 5;

const SEEDS = FILTER_BYTES;
const CRC = SEEDS + 16;
const LONG_FILE_BYTES = CRC + 8;

export interface BloomFile {
  /** FILTER_BYTES long. */
  readonly bits: Uint8Array;
  readonly seeds: readonly [bigint, bigint];
  readonly checksum: ChecksumState;
  readonly crcForm: CrcForm | undefined;
  readonly bitsSet: number;
  readonly problems: readonly Problem[];
}

const xxHash = await xxhash();

/** Where a file is too short, its missing bytes are taken as zero. */
export function readBloomFile(bytes: Uint8Array): BloomFile {
  const bits = new Uint8Array(FILTER_BYTES);
  bits.set(bytes.subarray(0, FILTER_BYTES));
  const bitsSet = bits.reduce((sum, byte) => sum + ones(byte), 0);
  const plain = {bits, bitsSet, seeds: [0n, 1n], checksum: 'none', crcForm: undefined} as const;
  if (bytes.length !== FILTER_BYTES && bytes.length !== LONG_FILE_BYTES) {
    const message = `it has ${bytes.length} bytes, not ${FILTER_BYTES} or ${LONG_FILE_BYTES}`;
    const offset = Math.min(bytes.length, LONG_FILE_BYTES);
    return {...plain, problems: [{offset, rule: 'filter-size', message}]};
  }
  if (bytes.length === FILTER_BYTES) return {...plain, problems: []};

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const seeds = [view.getBigUint64(SEEDS, true), view.getBigUint64(SEEDS + 8, true)] as const;
  const stored = bytes.subarray(CRC);
  if (isUnclaimed(stored)) return {...plain, seeds, problems: []};
  const crcForm = detectForm(bytes.subarray(0, CRC), stored);
  if (crcForm !== undefined) return {...plain, seeds, checksum: 'right', crcForm, problems: []};
  const message = `its checksum is no CRC-64 of bytes 0 to ${CRC - 1}`;
  return {...plain, seeds, checksum: 'wrong', problems: [{offset: CRC, rule: 'checksum', message}]};
}

/** The bits of a key, by double hashing. */
export function probesOf({seeds}: Pick<BloomFile, 'seeds'>, key: string): number[] {
  const modulus = BigInt(FILTER_BITS);
  const start = Number(xxHash.h64(key, seeds[0]) % modulus);
  const step = Number(xxHash.h64(key, seeds[1]) % modulus);
  return Array.from({length: PROBES}, (_, probe) => (start + probe * step) % FILTER_BITS);
}

/** False: the key was certainly not added. */
export function mayHave(filter: Pick<BloomFile, 'bits' | 'seeds'>, key: string): boolean {
  return probesOf(filter, key).every((bit) => isSet(filter.bits, bit));
}

export function isSet(bits: Uint8Array, bit: number): boolean {
  return ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
}

/** The share of absent keys that find all their bits set, if bits are set at random. */
export function expectedFalsePositives({bitsSet}: Pick<BloomFile, 'bitsSet'>): number {
  return (bitsSet / FILTER_BITS) ** PROBES;
}

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
