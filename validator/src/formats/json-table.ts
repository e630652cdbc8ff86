/**
 * The SSTables of weeks 2 to 5: a JSON array of entries, however it is spaced.
 *
 *   sst-1.json  [\n
 *               {"key":"apple","value":"7"},\n
 *               {"key":"pear","deleted":true}\n
 *               ]\n
 */
import {type FileRecord, RECORDS_MAX} from './file-record.ts';
import {type Extent, jsonItems} from './json-items.ts';
import {parseFields, textOf} from './json-record.ts';
import {type Problem, ProblemList, shown} from './problem.ts';

export interface JsonTable {
  /** In the order of the file; what is no entry is left out. */
  readonly records: readonly FileRecord[];
  readonly problems: readonly Problem[];
}

export function readJsonTable(bytes: Uint8Array): JsonTable {
  const list = new ProblemList();
  const records: FileRecord[] = [];
  const {items, broken} = jsonItems(bytes, RECORDS_MAX);
  for (const [index, extent] of items.entries()) {
    const record = readEntry(bytes, extent, index, list);
    if (record === undefined) continue;
    checkOrder(records.at(-1), record, index, list);
    records.push(record);
  }
  if (broken !== undefined) {
    const rule = items.length === RECORDS_MAX ? 'read-limit' : 'json-table';
    list.add(broken.offset, rule, broken.message);
  }
  return {records, problems: list.problems};
}

function readEntry(
  bytes: Uint8Array,
  {offset, sizeBytes}: Extent,
  index: number,
  list: ProblemList,
): FileRecord | undefined {
  const item = bytes.subarray(offset, offset + sizeBytes);
  const fields = parseFields(item);
  if (typeof fields === 'string') {
    list.add(offset, 'json-table', `entry ${index} is ${shown(textOf(item))}, ${fields}`);
    return undefined;
  }
  const {key, value, deleted} = fields;
  // A tombstone's empty value is how some languages write a record.
  if (typeof key === 'string' && deleted === true) return {offset, sizeBytes, key, value: null};
  if (typeof key === 'string' && typeof value === 'string') return {offset, sizeBytes, key, value};
  const message = `entry ${index} is ${shown(textOf(item))}, not {"key":"…","value":"…"}`;
  list.add(offset, 'json-table', message);
  return undefined;
}

function checkOrder(
  before: FileRecord | undefined,
  {offset, key}: FileRecord,
  index: number,
  list: ProblemList,
): void {
  if (before === undefined || before.key < key) return;
  const what = before.key === key ? 'occurs twice' : `comes after ${shown(before.key)}`;
  list.add(offset, 'keys-ascend', `entry ${index}: key ${shown(key)} ${what}`);
}
