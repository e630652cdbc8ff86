/**
 * A block of an SSTable in the variable format: entries one after another, as
 * they are or compressed. Numbers are little-endian.
 *
 *   block    0  CRC-64 of the rest        entry  0  0: value, 1: tombstone
 *            8  0: as it is,                     1  length of the key
 *               1: compressed                    2  length of the value, 4 bytes
 *            9  entries                          6  key, then value
 *
 * Compressed bytes are a sequence of
 *
 *   literals   0 + count − 1 (7 bits), then `count` bytes as they are
 *   a match    1 + length − 4 (7 bits), then how far back it begins, 2 bytes
 */
import {KEY_FORM, VALUE_FORM} from './block-page.ts';
import type {FileRecord} from './file-record.ts';
import {type ProblemList, shown} from './problem.ts';

export const METHOD = 8;
export const ENTRIES = 9;
const COMPRESSED = 1;
const ENTRY_HEAD_BYTES = 6;

const MATCH = 0x80;
const MATCH_LENGTH_MIN = 4;
/** Far above 4 KiB and one entry of the longest value. */
const CONTENT_BYTES_MAX = 1024 * 1024;

/** The entries' bytes; undefined if they are not what the method says. */
export function unpack(block: Uint8Array): Uint8Array | undefined {
  const stored = block.subarray(ENTRIES);
  if (block[METHOD] === 0) return stored;
  return block[METHOD] === COMPRESSED ? decompress(stored) : undefined;
}

export function isCompressed(block: Uint8Array): boolean {
  return block[METHOD] === COMPRESSED;
}

/** Undefined if it is cut off, reaches back behind its beginning, or becomes too long. */
function decompress(input: Uint8Array): Uint8Array | undefined {
  const output: number[] = [];
  let offset = 0;
  while (offset < input.length) {
    const head = input[offset] ?? 0;
    if ((head & MATCH) === 0) {
      const end = offset + 1 + head + 1;
      if (end > input.length) return undefined;
      output.push(...input.subarray(offset + 1, end));
      offset = end;
    } else {
      const distance = (input[offset + 1] ?? 0) | ((input[offset + 2] ?? 0) << 8);
      if (offset + 3 > input.length || distance === 0 || distance > output.length) return undefined;
      // Byte by byte: a match may reach into what it writes itself.
      for (let left = (head & ~MATCH) + MATCH_LENGTH_MIN; left > 0; left--) {
        output.push(output[output.length - distance] ?? 0);
      }
      offset += 3;
    }
    if (output.length > CONTENT_BYTES_MAX) return undefined;
  }
  return Uint8Array.from(output);
}

export interface BlockPlace {
  /** How messages call it: `data block 3`. */
  readonly name: string;
  /** Where the block begins in its file. */
  readonly offset: number;
  readonly isCompressed: boolean;
}

/**
 * The entries, as far as they are whole. An entry that is compressed has no place
 * in the file of its own: its offset is that of its block.
 * @param content as `unpack` gives it
 * @param before the last record of the block before
 */
export function readVariableEntries(
  content: Uint8Array,
  {name, offset: blockOffset, isCompressed: isPacked}: BlockPlace,
  before: FileRecord | undefined,
  list: ProblemList,
): FileRecord[] {
  const records: FileRecord[] = [];
  for (let start = 0; start < content.length; ) {
    const offset = isPacked ? blockOffset : blockOffset + ENTRIES + start;
    const entry = entryAt(content, start);
    const what = `${name}, entry ${records.length}`;
    if (typeof entry === 'string') {
      list.add(offset, 'variable-entry', `${what}: ${entry}`);
      return records;
    }
    const record = {offset, ...entry};
    checkRecord(record, records.at(-1) ?? before, what, list);
    records.push(record);
    start += entry.sizeBytes;
  }
  if (records.length === 0) list.add(blockOffset, 'variable-entry', `${name} has no entries`);
  return records;
}

/** Or what is wrong with it: then nobody knows where the next one begins. */
function entryAt(content: Uint8Array, start: number): Omit<FileRecord, 'offset'> | string {
  if (start + ENTRY_HEAD_BYTES > content.length) return 'it is cut off';
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const type = view.getUint8(start);
  if (type > 1) return `its type is ${type}, not 0 or 1`;
  const keyBytes = view.getUint8(start + 1);
  const valueBytes = view.getUint32(start + 2, true);
  if (type === 1 && valueBytes > 0) return `it is a tombstone with a value of ${valueBytes} bytes`;
  const keyStart = start + ENTRY_HEAD_BYTES;
  const sizeBytes = ENTRY_HEAD_BYTES + keyBytes + valueBytes;
  if (start + sizeBytes > content.length) return 'it reaches beyond its block';
  const text = Buffer.from(content.subarray(keyStart, start + sizeBytes)).toString('latin1');
  return {sizeBytes, key: text.slice(0, keyBytes), value: type === 1 ? null : text.slice(keyBytes)};
}

function checkRecord(
  {offset, key, value}: FileRecord,
  before: FileRecord | undefined,
  what: string,
  list: ProblemList,
): void {
  if (!KEY_FORM.test(key)) list.add(offset, 'key-form', `${what}: the key is ${shown(key)}`);
  if (value !== null && !VALUE_FORM.test(value)) {
    list.add(offset, 'value-form', `${what}: the value is ${shown(value)}`);
  }
  if (before === undefined || before.key < key) return;
  const order = before.key === key ? 'occurs twice' : `comes after ${shown(before.key)}`;
  list.add(offset, 'keys-ascend', `${what}: key ${shown(key)} ${order}`);
}
