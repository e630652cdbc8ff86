/**
 * A Bloom filter: says of a key that it is certainly not in an SSTable, or that it
 * may be. Of m = 19,968 bits each key sets k = 5, chosen by its hashes. If one of
 * a key's bits is not set, the key was not added. For n = 1,953 keys, about
 * (1 − e^(−kn/m))^k = 0.87 % of all other keys find their five bits set by chance.
 *
 *   sst-1.bloom      0  the bits; bit b is in byte b >> 3, with mask 1 << (b & 7)
 *                 2496  the two seeds, 8 bytes each, little-endian
 *                    …  1 byte, if it is a blocked filter
 *                    …  CRC-64 of all before
 */
import {blockedProbes} from './blocked-filter.ts';
import {matchesCrc64, writeCrc64} from './crc64.ts';
import {hashPair, remainder, type Seeds} from './key-hash.ts';

/** 39 cache lines. */
const FILTER_BYTES = 2496;
const PROBES = 5;

const FILTER_BITS = 8 * FILTER_BYTES;
const SEEDS_BYTES = 16;
const CRC_BYTES = 8;
export const DEFAULT_SEEDS: Seeds = [0n, 1n];

export class BloomFilter {
  readonly #bits: Uint8Array;
  readonly #seeds: Seeds;
  readonly #isBlocked: boolean;

  constructor(seeds = DEFAULT_SEEDS, isBlocked = false, bits = new Uint8Array(FILTER_BYTES)) {
    this.#bits = bits;
    this.#seeds = seeds;
    this.#isBlocked = isBlocked;
  }

  /** The filter in a file, or undefined if the file is damaged. */
  static decode(bytes: Uint8Array): BloomFilter | undefined {
    const isBlocked = bytes.length === FILTER_BYTES + SEEDS_BYTES + 1 + CRC_BYTES;
    if (!isBlocked && bytes.length !== FILTER_BYTES + SEEDS_BYTES + CRC_BYTES) return undefined;
    const crcOffset = bytes.length - CRC_BYTES;
    if (!matchesCrc64(bytes, crcOffset, bytes.subarray(0, crcOffset))) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset + FILTER_BYTES, SEEDS_BYTES);
    const stored: Seeds = [view.getBigUint64(0, true), view.getBigUint64(8, true)];
    // A file of zeros, whose checksum is zero too. It would deny every key.
    if (stored[0] === stored[1]) return undefined;
    // One object for equal seeds, by which equal hashes are recognized.
    const isDefault = stored.every((seed, index) => seed === DEFAULT_SEEDS[index]);
    const seeds = isDefault ? DEFAULT_SEEDS : stored;
    return new BloomFilter(seeds, isBlocked, bytes.slice(0, FILTER_BYTES));
  }

  encode(): Uint8Array {
    const kindBytes = this.#isBlocked ? 1 : 0;
    const bytes = new Uint8Array(FILTER_BYTES + SEEDS_BYTES + kindBytes + CRC_BYTES);
    bytes.set(this.#bits);
    const view = new DataView(bytes.buffer, FILTER_BYTES, SEEDS_BYTES);
    view.setBigUint64(0, this.#seeds[0], true);
    view.setBigUint64(8, this.#seeds[1], true);
    const crcOffset = bytes.length - CRC_BYTES;
    if (this.#isBlocked) bytes[crcOffset - 1] = 1;
    writeCrc64(bytes, crcOffset, bytes.subarray(0, crcOffset));
    return bytes;
  }

  add(key: string): void {
    const pair = hashPair(key, this.#seeds);
    if (this.#isBlocked) {
      for (const bit of blockedProbes(pair)) this.#set(bit);
      return;
    }
    // By double hashing: a start, and the same step again and again.
    let bit = remainder(pair.first, FILTER_BITS);
    const step = remainder(pair.second, FILTER_BITS);
    for (let probe = 0; probe < PROBES; probe++) {
      this.#set(bit);
      bit = (bit + step) % FILTER_BITS;
    }
  }

  /** False: the key was certainly not added. */
  mayHave(key: string): boolean {
    const pair = hashPair(key, this.#seeds);
    if (this.#isBlocked) return blockedProbes(pair).every((bit) => this.#isSet(bit));
    let bit = remainder(pair.first, FILTER_BITS);
    if (!this.#isSet(bit)) return false;
    const step = remainder(pair.second, FILTER_BITS);
    for (let probe = 1; probe < PROBES; probe++) {
      bit = (bit + step) % FILTER_BITS;
      if (!this.#isSet(bit)) return false;
    }
    return true;
  }

  #set(bit: number): void {
    this.#bits[bit >> 3] = (this.#bits[bit >> 3] ?? 0) | (1 << (bit & 7));
  }

  #isSet(bit: number): boolean {
    return ((this.#bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;
  }
}
