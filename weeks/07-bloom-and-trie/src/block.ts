/**
 * The blocks of an SSTable: pages of 4096 bytes, so that one read of the disk
 * brings one block. Numbers are little-endian, unused bytes are zero.
 *
 *   index block                         data block
 *      0  data blocks, 0 to 63             0  CRC-64 of bytes 8 to 4095
 *     56  CRC-64 of the block, taken       8  entries, 0 to 31
 *         with these 8 bytes zero        128  entry 0: key, 64 bytes, padded
 *     64  first key of data block 0      192           value, 64 bytes, padded
 *    128  first key of data block 1      256  entry 1
 *      …                                   …
 *
 * A tombstone is a value of 64 zeros. No value can be mistaken for one, because
 * no value is empty.
 */
import {matchesCrc64, writeCrc64} from './crc64.ts';
import {commonLength, rankOf} from './sorted-keys.ts';
import type {Entry} from './sstable.ts';

export const BLOCK_BYTES = 4096;
export const BLOCK_ENTRIES_MAX = 31;
export const INDEX_KEYS_MAX = 63;

const FIELD_BYTES = 64;
const ENTRY_BYTES = 2 * FIELD_BYTES;

const INDEX_CRC = 56;
const INDEX_KEYS = 64;

const DATA_CRC = 0;
const DATA_COUNT = 8;
const DATA_ENTRIES = 128;

/** A data block in memory. */
export interface Block {
  /** Entries, by ascending key. */
  readonly count: number;
  readonly sizeBytes: number;
  keyAt(index: number): string;
  isTombstoneAt(index: number): boolean;
  /** Null for a tombstone. */
  valueAt(index: number): string | null;
  /** Null if there is a tombstone of `key`, undefined if there is no entry. */
  get(key: string): string | null | undefined;
}

/** @param firstKeys ascending, at most INDEX_KEYS_MAX */
export function encodeIndex(firstKeys: readonly string[]): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block[0] = firstKeys.length;
  writeText(block, INDEX_KEYS, firstKeys.map(padded).join(''));
  writeCrc64(block, INDEX_CRC, block);
  return block;
}

/** The first keys, or undefined if the block is damaged. */
export function decodeIndex(block: Uint8Array): string[] | undefined {
  if (block.length !== BLOCK_BYTES) return undefined;
  const zeroed = block.slice().fill(0, INDEX_CRC, INDEX_CRC + 8);
  // An index always has keys; without any, it is a page of zeros, whose checksum matches.
  if (block[0] === 0 || !matchesCrc64(block, INDEX_CRC, zeroed)) return undefined;
  const decoder = new TextDecoder();
  return Array.from({length: block[0] ?? 0}, (_, index) => {
    const start = INDEX_KEYS + index * FIELD_BYTES;
    const end = block.indexOf(0, start);
    const fieldEnd = start + FIELD_BYTES;
    // Each decoded by itself, since what is cut out of one text is slower to compare.
    return decoder.decode(block.subarray(start, end === -1 || end > fieldEnd ? fieldEnd : end));
  });
}

/** Whether a value can stand in a data block. */
export function isBlockValue(value: string): boolean {
  return value.length >= 1 && value.length <= FIELD_BYTES;
}

/** @param entries ascending by key, at most BLOCK_ENTRIES_MAX; all values REQUIRE isBlockValue */
export function encodeData(entries: readonly Entry[]): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block[DATA_COUNT] = entries.length;
  const fields = entries.map(({key, value}) => padded(key) + padded(value ?? ''));
  writeText(block, DATA_ENTRIES, fields.join(''));
  writeCrc64(block, DATA_CRC, block.subarray(DATA_COUNT));
  return block;
}

/** Undefined if the checksum does not match. */
export function decodeData(block: Uint8Array): Block | undefined {
  if (block.length !== BLOCK_BYTES) return undefined;
  if (!matchesCrc64(block, DATA_CRC, block.subarray(DATA_COUNT))) return undefined;
  return new PaddedBlock(block);
}

/** Keeps the block as text, which is faster to cut up than bytes: keys and values are ASCII. */
class PaddedBlock implements Block {
  readonly count: number;
  readonly sizeBytes = BLOCK_BYTES;
  readonly #text: string;
  /** So many characters begin all of its keys: those of the first and of the last. */
  readonly #commonLength: number;
  /** What follows in each key, as in SortedKeys. Made for the first lookup: scans do without. */
  #ranks: Uint32Array | undefined;

  constructor(block: Uint8Array) {
    this.count = block[DATA_COUNT] ?? 0;
    this.#text = new TextDecoder().decode(block.subarray(DATA_ENTRIES));
    const last = Math.max(0, this.count - 1);
    this.#commonLength = commonLength(this.#text, this.keyAt(last));
  }

  keyAt(index: number): string {
    return fieldAt(this.#text, index * ENTRY_BYTES);
  }

  isTombstoneAt(index: number): boolean {
    return this.#text.charCodeAt(index * ENTRY_BYTES + FIELD_BYTES) === 0;
  }

  valueAt(index: number): string | null {
    return fieldAt(this.#text, index * ENTRY_BYTES + FIELD_BYTES) || null;
  }

  get(key: string): string | null | undefined {
    const rank = rankOf(key, this.#commonLength, key.length);
    const ranks = this.#rankedKeys();
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ranks[middle] ?? 0) < rank) low = middle + 1;
      else high = middle;
    }
    for (; ranks[low] === rank; low++) {
      if (isField(this.#text, low * ENTRY_BYTES, key)) return this.valueAt(low);
    }
    return undefined;
  }

  #rankedKeys(): Uint32Array {
    this.#ranks ??= Uint32Array.from({length: this.count}, (_, index) => {
      const field = index * ENTRY_BYTES;
      return rankOf(this.#text, field + this.#commonLength, field + FIELD_BYTES);
    });
    return this.#ranks;
  }
}

function padded(field: string): string {
  return field.padEnd(FIELD_BYTES, '\0');
}

/** One call for all fields: its cost is the call, not the text. */
function writeText(block: Uint8Array, offset: number, text: string): void {
  new TextEncoder().encodeInto(text, block.subarray(offset));
}

/** Whether the field is `key`, which is not cut out for it. */
function isField(text: string, offset: number, key: string): boolean {
  for (let index = 0; index < key.length; index++) {
    if (text.charCodeAt(offset + index) !== key.charCodeAt(index)) return false;
  }
  return key.length === FIELD_BYTES || text.charCodeAt(offset + key.length) === 0;
}

function fieldAt(text: string, offset: number): string {
  const fieldEnd = offset + FIELD_BYTES;
  const isFull = text.charCodeAt(fieldEnd - 1) !== 0;
  return text.slice(offset, isFull ? fieldEnd : text.indexOf('\0', offset));
}
