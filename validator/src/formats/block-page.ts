/** The pages of a block SSTable, and what is in their fields. */
import {type FileRecord} from './file-record.ts';
import {type ProblemList, shown} from './problem.ts';

export const PAGE_BYTES = 4096;
export const INDEX_BLOCKS_MAX = 63;
export const BLOCK_ENTRIES_MAX = 31;
export const FIELD_BYTES = 64;
export const ENTRY_BYTES = 2 * FIELD_BYTES;

/** In page 0. */
export const INDEX_CRC = 56;
export const INDEX_SLOTS = 64;
/** In a data block. */
export const BLOCK_COUNT = 8;
export const BLOCK_ENTRIES = 128;
export const CRC_BYTES = 8;

export const KEY_FORM = /^[a-z0-9_]{1,64}$/;
export const VALUE_FORM = /^[\x20-\x7e]*$/;

/** A page, and where in the file it is. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly offset: number;
  /** How messages call it: `data block 3`. */
  readonly name: string;
}

/** The text of a field of 64 bytes, up to its first zero. */
export function fieldText({bytes}: Page, offset: number): string {
  return Buffer.from(bytes.subarray(offset, fieldEnd(bytes, offset))).toString('latin1');
}

/** @param what names the field: `slot 3` */
export function checkKey(page: Page, offset: number, what: string, list: ProblemList): void {
  const key = fieldText(page, offset);
  if (!KEY_FORM.test(key)) {
    const found = key === '' ? 'is empty' : `is ${shown(key)}`;
    list.add(page.offset + offset, 'key-form', `${page.name}, ${what}: the key ${found}`);
  }
  checkPadding(page, offset, what, list);
}

/** @param what names the entry: `entry 3` */
export function checkEntry(page: Page, offset: number, what: string, list: ProblemList): void {
  checkKey(page, offset, what, list);
  const value = fieldText(page, offset + FIELD_BYTES);
  if (!VALUE_FORM.test(value)) {
    const message = `${page.name}, ${what}: the value is ${shown(value)}`;
    list.add(page.offset + offset + FIELD_BYTES, 'value-form', message);
  }
  checkPadding(page, offset + FIELD_BYTES, what, list);
}

/** @param start of the part of the page, up to `end`, that must be zero */
export function checkZeros(page: Page, start: number, end: number, list: ProblemList): void {
  const index = page.bytes.subarray(start, end).findIndex((byte) => byte !== 0);
  if (index === -1) return;
  const at = start + index;
  const message = `${page.name}: byte ${at} is ${page.bytes[at]}, where nothing is stored`;
  list.add(page.offset + at, 'padding', message);
}

/** A record of the file, for an entry of the page. */
export function recordAt(page: Page, offset: number): FileRecord {
  const value = fieldText(page, offset + FIELD_BYTES);
  return {
    offset: page.offset + offset,
    sizeBytes: ENTRY_BYTES,
    key: fieldText(page, offset),
    value: value === '' ? null : value,
  };
}

function checkPadding(page: Page, offset: number, what: string, list: ProblemList): void {
  const end = fieldEnd(page.bytes, offset);
  const index = page.bytes.subarray(end, offset + FIELD_BYTES).findIndex((byte) => byte !== 0);
  if (index === -1) return;
  const message = `${page.name}, ${what}: a field has a zero byte, and other bytes behind it`;
  list.add(page.offset + end + index, 'padding', message);
}

function fieldEnd(bytes: Uint8Array, offset: number): number {
  const end = bytes.subarray(offset, offset + FIELD_BYTES).indexOf(0);
  return end === -1 ? offset + FIELD_BYTES : offset + end;
}
