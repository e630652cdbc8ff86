/** What one file says of one key. */
import type {FileRecord} from '../formats/file-record.ts';
import {visitLog} from '../formats/log-file.ts';
import type {Rule} from '../formats/problem.ts';
import {isVariable} from '../formats/variable-table.ts';
import {contentOf, type Kind, type TableContent} from './content.ts';

export interface KeyRecords {
  /** The newest first. */
  readonly records: readonly KeyRecord[];
  /** How many more it has, older than these. */
  readonly olderCount: number;
  /** What is to be said if it has none. */
  readonly remarks: readonly string[];
  /** Why a part of it was not read; undefined if all of it was. */
  readonly unread: string | undefined;
}

interface KeyRecord {
  readonly record: FileRecord;
  /** Why it may not be what was written. */
  readonly doubts: readonly string[];
}

/** The one that counts, and five that it hides: a log may have a million of one key. */
const RECORDS_KEPT = 6;

export function keyRecords(kind: Kind | undefined, bytes: Buffer, key: string): KeyRecords {
  switch (kind) {
    case 'log':
      return inLog(bytes, key);
    case 'json-table':
    case 'block-table':
      return inTable(kind, bytes, key);
    case 'manifest':
    case 'filter':
    case undefined:
    default:
      return {...NOTHING, unread: 'it is neither a log nor an SSTable'};
  }
}

const NOTHING: KeyRecords = {records: [], olderCount: 0, remarks: [], unread: undefined};

/** A replay stops at the first record that is not valid, and so does the reader. */
function inLog(bytes: Buffer, key: string): KeyRecords {
  const newest = new NewestRecords();
  const {validBytes} = visitLog(bytes, (record) => {
    if (record.key === key) newest.add(record);
  });
  const tail = `only its first ${validBytes} of ${bytes.length} bytes are valid records`;
  const remarks = validBytes === bytes.length ? [] : [tail];
  const records = newest.records.map((record) => ({record, doubts: []}));
  return {...NOTHING, records, olderCount: newest.olderCount, remarks};
}

function inTable(kind: 'json-table' | 'block-table', bytes: Buffer, key: string): KeyRecords {
  if (!mayHold(bytes, key)) return NOTHING;
  const content = contentOf(kind, bytes);
  if (content.kind !== 'table') return NOTHING;
  const newest = new NewestRecords();
  for (const record of content.records) if (record.key === key) newest.add(record);
  const limit = content.problems.find(({rule}) => rule === 'read-limit');
  const broken = content.problems.find(({rule}) => LOSES_RECORDS.has(rule));
  const fault = broken && `it breaks its format at byte ${broken.offset}: ${broken.message}`;
  const records = newest.records.map((record) => {
    const doubts = doubtsOf(content, record);
    // A block can be read whatever is wrong with another one, JSON not.
    const isHidden = kind === 'json-table' && fault !== undefined;
    return {record, doubts: isHidden ? [...doubts, fault] : doubts};
  });
  // The key is in its bytes, and may be in what could not be read.
  const unread = limit?.message ?? (records.length === 0 ? fault : undefined);
  return {...NOTHING, records, olderCount: newest.olderCount, unread};
}

/** Rules without which some of an SSTable's entries cannot be read. */
const LOSES_RECORDS: ReadonlySet<Rule> = new Set([
  'json-table',
  'table-size',
  'block-entries',
  'variable-index',
  'variable-blocks',
  'variable-entry',
  'variable-compression',
]);

class NewestRecords {
  readonly #records: FileRecord[] = [];
  #olderCount = 0;

  get olderCount(): number {
    return this.#olderCount;
  }

  /** The newest first. */
  get records(): FileRecord[] {
    return this.#records.toReversed();
  }

  add(record: FileRecord): void {
    this.#records.push(record);
    if (this.#records.length <= RECORDS_KEPT) return;
    this.#records.shift();
    this.#olderCount++;
  }
}

/** The keys of the contract: no form of file needs an escape for them. */
const PLAIN_KEY = /^[a-z0-9_]+$/;

/**
 * Whether it is worth to parse an SSTable, which takes a hundred times as long: a
 * key stands there as it is, unless JSON has escapes, or a block is compressed.
 */
function mayHold(bytes: Buffer, key: string): boolean {
  if (!PLAIN_KEY.test(key) || isVariable(bytes)) return true;
  return bytes.includes(key) || bytes.includes('\\u');
}

/** A checksum that does not match: the record may not be what was written. */
function doubtsOf(content: TableContent, {offset}: FileRecord): string[] {
  const {blocks = []} = content.blockTable ?? content.variableTable ?? {};
  const block = blocks.findLast((each) => each.offset <= offset);
  return block?.checksum === 'wrong' ? ['the checksum of its block is wrong'] : [];
}
