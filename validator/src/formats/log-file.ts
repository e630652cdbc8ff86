/**
 * The write-ahead log: one JSON object a line (NDJSON), oldest first.
 *
 *   wal.db  {"op":"put","key":"apple","value":"7"}\n
 *           {"op":"delete","key":"apple"}\n
 *
 * Like a replay, the reader stops at the first record that is not valid: what is
 * behind it does not count.
 */
import type {FileRecord} from './file-record.ts';
import {parseFields, textOf} from './json-record.ts';
import {type Problem, shown} from './problem.ts';

export interface LogEnd {
  /** Of the part that counts: what a replay keeps. */
  readonly validBytes: number;
  /** At most one: where the valid part ends. */
  readonly problems: readonly Problem[];
}

export interface LogFile extends LogEnd {
  readonly records: readonly FileRecord[];
}

const NEWLINE = 0x0a;

export function readLog(bytes: Uint8Array): LogFile {
  const records: FileRecord[] = [];
  const end = visitLog(bytes, (record) => records.push(record));
  return {records, ...end};
}

/** Each record of the valid part, one after another: a log may have millions, and none is kept. */
export function visitLog(bytes: Uint8Array, visit: (record: FileRecord) => void): LogEnd {
  let offset = 0;
  for (let index = 0; offset < bytes.length; index++) {
    const end = bytes.indexOf(NEWLINE, offset);
    const record = readRecord(bytes, offset, end, index);
    if ('rule' in record) return {validBytes: offset, problems: [record]};
    visit(record);
    offset = end + 1;
  }
  return {validBytes: offset, problems: []};
}

/** @param end of the line, at its newline; -1 if there is none */
function readRecord(
  bytes: Uint8Array,
  offset: number,
  end: number,
  index: number,
): FileRecord | Problem {
  if (end === -1) return {offset, rule: 'log-tail', message: 'its last record has no newline'};
  const line = bytes.subarray(offset, end);
  const fields = parseFields(line);
  if (typeof fields === 'string') {
    const message = `line ${index + 1} is ${shown(textOf(line))}, ${fields}`;
    return {offset, rule: 'log-record', message};
  }
  const {op, key, value} = fields;
  const sizeBytes = end + 1 - offset;
  if (typeof key === 'string' && op === 'delete') return {offset, sizeBytes, key, value: null};
  if (typeof key === 'string' && op === 'put' && typeof value === 'string') {
    return {offset, sizeBytes, key, value};
  }
  const expected = '{"op":"put","key":"…","value":"…"}';
  const message = `line ${index + 1} is ${shown(textOf(line))}, not ${expected}`;
  return {offset, rule: 'log-record', message};
}
