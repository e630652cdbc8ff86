/**
 * Optional: another arrangement of an SSTable. Keys and values have their lengths
 * before them instead of padding behind them, a tombstone is a type of entry and
 * no value, and each block is compressed for itself, if that makes it smaller.
 * So values may be empty, or as long as 64 KiB, and files are smaller.
 *
 *   0  VAR1                      block   0  CRC-64 of the rest
 *   4  length of the index               8  0: as it is, 1: compressed
 *   8  CRC-64 of the index               9  entries, one after another
 *  16  index                     entry   0  0: value, 1: tombstone
 *   …  blocks                            1  length of the key
 *                                        2  length of the value
 *  index: of each block its              6  key
 *  offset and its length, then           …  value
 *  the length of its first key
 *  (1 byte) and that key
 *
 * Lengths and offsets are 4 bytes, little-endian, those of keys 1 byte. The first
 * four bytes tell the two formats apart: the other begins with a number below 64.
 */
import type {File} from '@kv-workshop/shared/file-system';
import {BLOCK_BYTES, type Block} from './block.ts';
import {ByteReader, ByteWriter} from './bytes.ts';
import {matchesCrc64, writeCrc64} from './crc64.ts';
import {compress, decompress} from './lz-compression.ts';
import {SortedKeys} from './sorted-keys.ts';
import type {Entry, TableIndex} from './sstable.ts';

const MAGIC = new TextEncoder().encode('VAR1');
const INDEX_LENGTH = 4;
const INDEX_CRC = 8;
const INDEX = 16;

const BLOCK_CRC = 0;
const BLOCK_METHOD = 8;
const BLOCK_ENTRIES = 9;

export function isVariable(page: Uint8Array): boolean {
  return MAGIC.every((byte, index) => page[index] === byte);
}

/** REQUIRES: `entries` ascend by key, each key once. */
export function encodeVariable(entries: readonly Entry[]): Uint8Array {
  const blocks: {firstKey: string; bytes: Uint8Array}[] = [];
  let writer = new ByteWriter();
  let firstKey = entries[0]?.key ?? '';
  for (const [index, {key, value}] of entries.entries()) {
    if (writer.length === 0) firstKey = key;
    writer.uint8(value === null ? 1 : 0);
    writer.uint8(key.length);
    writer.uint32(value?.length ?? 0);
    writer.ascii(key);
    writer.ascii(value ?? '');
    if (writer.length < BLOCK_BYTES && index < entries.length - 1) continue;
    blocks.push({firstKey, bytes: sealBlock(writer.bytes())});
    writer = new ByteWriter();
  }
  // The offsets depend on the length of the index, and that on the keys only.
  const indexLength = blocks.reduce((sum, block) => sum + 9 + block.firstKey.length, 0);
  const index = new ByteWriter();
  let offset = INDEX + indexLength;
  for (const block of blocks) {
    index.uint32(offset);
    index.uint32(block.bytes.length);
    index.uint8(block.firstKey.length);
    index.ascii(block.firstKey);
    offset += block.bytes.length;
  }
  const table = new Uint8Array(offset);
  table.set(MAGIC);
  new DataView(table.buffer).setUint32(INDEX_LENGTH, indexLength, true);
  table.set(index.bytes(), INDEX);
  writeCrc64(table, INDEX_CRC, index.bytes());
  let end = INDEX + indexLength;
  for (const {bytes} of blocks) {
    table.set(bytes, end);
    end += bytes.length;
  }
  return table;
}

/** Undefined if the checksum does not match. */
export async function readVariableIndex(
  file: File,
  page: Uint8Array,
): Promise<TableIndex | undefined> {
  if (page.length < INDEX) return undefined;
  const length = new ByteReader(page.subarray(INDEX_LENGTH)).uint32();
  if (length > file.size) return undefined;
  const bytes = await file.read(INDEX, length);
  if (!matchesCrc64(page, INDEX_CRC, bytes)) return undefined;
  const reader = new ByteReader(bytes);
  const firstKeys: string[] = [];
  const places: {offset: number; length: number}[] = [];
  while (!reader.isAtEnd) {
    places.push({offset: reader.uint32(), length: reader.uint32()});
    firstKeys.push(reader.ascii(reader.uint8()));
  }
  const locate = (block: number) => places[block] ?? {offset: 0, length: 0};
  return {firstKeys, locate, decode: decodeBlock};
}

function sealBlock(entries: Uint8Array): Uint8Array {
  const compressed = compress(entries);
  const isSmaller = compressed.length < entries.length;
  const content = isSmaller ? compressed : entries;
  const block = new Uint8Array(BLOCK_ENTRIES + content.length);
  block[BLOCK_METHOD] = isSmaller ? 1 : 0;
  block.set(content, BLOCK_ENTRIES);
  writeCrc64(block, BLOCK_CRC, block.subarray(BLOCK_METHOD));
  return block;
}

function decodeBlock(bytes: Uint8Array): Block | undefined {
  if (bytes.length < BLOCK_ENTRIES) return undefined;
  if (!matchesCrc64(bytes, BLOCK_CRC, bytes.subarray(BLOCK_METHOD))) return undefined;
  const content = bytes.subarray(BLOCK_ENTRIES);
  const entries = bytes[BLOCK_METHOD] === 1 ? decompress(content) : content;
  const reader = new ByteReader(entries);
  const keys: string[] = [];
  const values: (string | null)[] = [];
  while (!reader.isAtEnd) {
    const isTombstone = reader.uint8() === 1;
    const keyLength = reader.uint8();
    const valueLength = reader.uint32();
    keys.push(reader.ascii(keyLength));
    values.push(isTombstone ? null : reader.ascii(valueLength));
  }
  const sorted = new SortedKeys(keys);
  return {
    count: keys.length,
    sizeBytes: entries.length,
    keyAt: (index) => keys[index] ?? '',
    isTombstoneAt: (index) => values[index] === null,
    valueAt: (index) => values[index] ?? null,
    get: (key) => {
      const index = sorted.lastNotBehind(key);
      return keys[index] === key ? values[index] : undefined;
    },
  };
}
