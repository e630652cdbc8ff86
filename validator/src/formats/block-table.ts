/**
 * The SSTables of weeks 6 to 8: pages of 4,096 bytes, of which the first is the
 * index. Numbers are single bytes, unused bytes are zero.
 *
 *   page 0, the index                  page i + 1, data block i
 *      0  data blocks, 0 to 63            0  CRC-64 of bytes 8 to 4095
 *     56  CRC-64 of the page, taken       8  entries, 0 to 31
 *         with these 8 bytes zero       128  entry 0: key, 64 bytes, padded
 *     64  first key of data block 0                   value, 64 bytes, padded
 *    128  first key of data block 1     256  entry 1
 *      …                                  …
 *
 * A tombstone is a value of 64 zeros.
 */
import {
  BLOCK_COUNT,
  BLOCK_ENTRIES,
  BLOCK_ENTRIES_MAX,
  CRC_BYTES,
  checkEntry,
  checkKey,
  checkZeros,
  ENTRY_BYTES,
  FIELD_BYTES,
  fieldText,
  INDEX_BLOCKS_MAX,
  INDEX_CRC,
  INDEX_SLOTS,
  PAGE_BYTES,
  type Page,
  recordAt,
} from './block-page.ts';
import {
  type ChecksumState,
  type CrcForm,
  detectForm,
  formName,
  isUnclaimed,
  matchesForm,
} from './checksum.ts';
import {describeCrcRange} from './crc-range.ts';
import type {FileRecord} from './file-record.ts';
import {type Problem, ProblemList, shown} from './problem.ts';

export interface BlockTable {
  /** As the index has it; no more than 63 are read, whatever it says. */
  readonly blockCount: number;
  readonly indexChecksum: ChecksumState;
  readonly blocks: readonly DataBlock[];
  /** How checksums are computed and stored; undefined if none matches. */
  readonly crcForm: CrcForm | undefined;
  readonly problems: readonly Problem[];
}

export interface DataBlock {
  readonly offset: number;
  /** Its slot in the index. */
  readonly firstKey: string;
  /** As the block has it; no more than 31 are read, whatever it says. */
  readonly entryCount: number;
  readonly checksum: ChecksumState;
  readonly records: readonly FileRecord[];
}

/** @param bytes of the file; what is behind 64 pages is not looked at */
export function readBlockTable(bytes: Uint8Array): BlockTable {
  const list = new ProblemList();
  if (bytes.length < PAGE_BYTES) {
    list.add(bytes.length, 'table-size', `it has ${bytes.length} bytes, less than one page`);
    const nothing = {blockCount: 0, indexChecksum: 'none', blocks: [], crcForm: undefined} as const;
    return {...nothing, problems: list.problems};
  }
  const index = pageAt(bytes, 0, 'the index page');
  const blockCount = index.bytes[0] ?? 0;
  const pages = dataPages(bytes, blockCount, list);
  const crcForm = detectTableForm(index, pages);
  const indexChecksum = checkIndex(index, Math.min(blockCount, INDEX_BLOCKS_MAX), crcForm, list);
  const blocks: DataBlock[] = [];
  for (const [position, page] of pages.entries()) {
    const firstKey = fieldText(index, slotOffset(position));
    const before = blocks.at(-1)?.records.at(-1);
    blocks.push(readBlock(page, firstKey, before, crcForm, list));
  }
  return {blockCount, indexChecksum, blocks, crcForm, problems: list.problems};
}

function pageAt(bytes: Uint8Array, number: number, name: string): Page {
  const offset = number * PAGE_BYTES;
  return {bytes: bytes.subarray(offset, offset + PAGE_BYTES), offset, name};
}

/** The data blocks that the index speaks of and the file has. */
function dataPages(bytes: Uint8Array, blockCount: number, list: ProblemList): Page[] {
  if (blockCount > INDEX_BLOCKS_MAX) {
    list.add(0, 'index-slots', `the index page has ${blockCount} data blocks, and 63 slots`);
  }
  const expected = (1 + blockCount) * PAGE_BYTES;
  if (bytes.length !== expected) {
    const message = `it has ${bytes.length} bytes, and with ${blockCount} data blocks should have ${expected}`;
    list.add(Math.min(bytes.length, expected), 'table-size', message);
  }
  const whole = Math.floor(bytes.length / PAGE_BYTES) - 1;
  const length = Math.min(blockCount, INDEX_BLOCKS_MAX, whole);
  return Array.from({length}, (_, block) => pageAt(bytes, 1 + block, `data block ${block}`));
}

/** How the first page whose checksum can be understood has it. */
function detectTableForm(index: Page, pages: readonly Page[]): CrcForm | undefined {
  for (const page of pages) {
    const stored = page.bytes.subarray(0, CRC_BYTES);
    const form = isUnclaimed(stored) ? undefined : detectForm(blockContent(page), stored);
    if (form !== undefined) return form;
  }
  const stored = index.bytes.subarray(INDEX_CRC, INDEX_CRC + CRC_BYTES);
  return isUnclaimed(stored) ? undefined : detectForm(indexContent(index), stored);
}

/** What the checksum of a data block is computed of. */
function blockContent({bytes}: Page): Uint8Array {
  return bytes.subarray(CRC_BYTES);
}

/** What that of the index is computed of. */
function indexContent({bytes}: Page): Uint8Array {
  // A copy, which the slice of a Buffer is not.
  return new Uint8Array(bytes).fill(0, INDEX_CRC, INDEX_CRC + CRC_BYTES);
}

function slotOffset(block: number): number {
  return INDEX_SLOTS + block * FIELD_BYTES;
}

function checkIndex(
  index: Page,
  slots: number,
  form: CrcForm | undefined,
  list: ProblemList,
): ChecksumState {
  const stored = index.bytes.subarray(INDEX_CRC, INDEX_CRC + CRC_BYTES);
  const state = checksumState(indexContent(index), stored, form);
  if (state === 'wrong') list.add(INDEX_CRC, 'checksum', wrongChecksum(index, INDEX_CRC, form));
  checkZeros(index, 1, INDEX_CRC, list);
  for (let slot = 0; slot < slots; slot++) {
    const offset = slotOffset(slot);
    checkKey(index, offset, `slot ${slot}`, list);
    const [before, key] = [fieldText(index, offset - FIELD_BYTES), fieldText(index, offset)];
    if (slot === 0 || before < key) continue;
    const message = `slot ${slot} has the key ${shown(key)}, which is not after ${shown(before)}`;
    list.add(offset, 'index-slots', message);
  }
  checkZeros(index, slotOffset(slots), PAGE_BYTES, list);
  return state;
}

/** @param before the last record of the block before */
function readBlock(
  page: Page,
  firstKey: string,
  before: FileRecord | undefined,
  form: CrcForm | undefined,
  list: ProblemList,
): DataBlock {
  const {bytes, offset, name} = page;
  const stored = bytes.subarray(0, CRC_BYTES);
  const checksum = checksumState(blockContent(page), stored, form);
  if (checksum === 'none') list.add(offset, 'checksum', `${name} has no checksum`);
  if (checksum === 'wrong') list.add(offset, 'checksum', wrongChecksum(page, 0, form));

  const entryCount = bytes[BLOCK_COUNT] ?? 0;
  if (entryCount > BLOCK_ENTRIES_MAX || entryCount === 0) {
    const message = `${name} has ${entryCount} entries, not 1 to ${BLOCK_ENTRIES_MAX}`;
    list.add(offset + BLOCK_COUNT, 'block-entries', message);
  }
  checkZeros(page, BLOCK_COUNT + 1, BLOCK_ENTRIES, list);
  const records = readEntries(page, Math.min(entryCount, BLOCK_ENTRIES_MAX), before, list);
  const [first] = records;
  if (first !== undefined && first.key !== firstKey) {
    const message = `${name} begins with ${shown(first.key)}, and its slot has ${shown(firstKey)}`;
    list.add(first.offset, 'index-slots', message);
  }
  return {offset, firstKey, entryCount, checksum, records};
}

function readEntries(
  page: Page,
  count: number,
  before: FileRecord | undefined,
  list: ProblemList,
): FileRecord[] {
  const records: FileRecord[] = [];
  for (let entry = 0; entry < count; entry++) {
    const offset = BLOCK_ENTRIES + entry * ENTRY_BYTES;
    checkEntry(page, offset, `entry ${entry}`, list);
    const record = recordAt(page, offset);
    const last = records.at(-1) ?? before;
    if (last !== undefined && last.key >= record.key) {
      const what = last.key === record.key ? 'occurs twice' : `comes after ${shown(last.key)}`;
      const message = `${page.name}, entry ${entry}: key ${shown(record.key)} ${what}`;
      list.add(record.offset, 'keys-ascend', message);
    }
    records.push(record);
  }
  checkZeros(page, BLOCK_ENTRIES + count * ENTRY_BYTES, PAGE_BYTES, list);
  return records;
}

function checksumState(
  content: Uint8Array,
  stored: Uint8Array,
  form: CrcForm | undefined,
): ChecksumState {
  if (isUnclaimed(stored)) return 'none';
  return form !== undefined && matchesForm(content, stored, form) ? 'right' : 'wrong';
}

/** What is wrong with a checksum: perhaps it is that of other bytes. */
function wrongChecksum(page: Page, crcOffset: number, form: CrcForm | undefined): string {
  const range = describeCrcRange(page.bytes, crcOffset, form);
  if (range !== undefined) return `the checksum of ${page.name} is that ${range}`;
  const expected = form === undefined ? 'no CRC-64' : `not the ${formName(form)}`;
  return `the checksum of ${page.name} is ${expected} of its bytes`;
}
