/**
 * What is wrong with a file. The readers of this folder never throw at what a
 * file holds: they say where it breaks which rule, and go on as far as they can.
 */

/** What is demanded of the files of a data folder, by a stable name. */
export const RULES = {
  'json-table':
    'An SSTable is a JSON array of {"key","value"}; a tombstone is {"key","deleted":true}.',
  'keys-ascend': 'The keys of an SSTable ascend, and no key occurs twice.',
  'log-record':
    'A log is one JSON object a line: {"op":"put","key","value"} or {"op":"delete","key"}.',
  'log-tail': 'A record of the log ends with a newline; without it, a crash has cut it short.',
  'manifest-line': 'MANIFEST has one name of an SSTable a line, each once.',
  'manifest-sections':
    'From week 5 on, MANIFEST has the sections [L0], [L1] and so on, each of them also when it is empty.',
  'manifest-ranges':
    'Below L0, a line of MANIFEST is "min-max: name": the key ranges ascend and do not overlap.',
  'manifest-wal':
    'In week 8, the first line of MANIFEST is [WAL] and the lowest number of a live log.',
  'table-size': 'An SSTable is an index page and a page for each data block, of 4,096 bytes each.',
  'index-slots': 'The index has a slot of 64 bytes for each data block: its first key.',
  'block-entries':
    'A data block has 1 to 31 entries of 128 bytes: a key and a value of 64 bytes each.',
  'variable-index':
    'A variable SSTable begins with VAR1, then its index: offset, length and first key of each block.',
  'variable-blocks':
    'The blocks of a variable SSTable follow its index and each other, without gaps, to the end of the file.',
  'variable-entry':
    'An entry is its type (0 or 1), the lengths of key and value, and these; a tombstone has no value.',
  'variable-compression':
    'A block is kept as it is (0), or as literals and matches that reach back into it (1).',
  padding: 'Keys and values are padded on the right with zero bytes, and what is not used is zero.',
  'key-form': 'A key has 1 to 64 characters of a-z, 0-9 and _.',
  'value-form': 'A value is printable ASCII.',
  checksum: 'A checksum is a CRC-64 of exactly the bytes that the format says.',
  'filter-size':
    'A Bloom filter has 2,496 bytes, alone or followed by two seeds and a CRC-64 of 8 bytes each.',
  'filter-denies': 'A Bloom filter denies no key of its SSTable, tombstones included.',
  'read-limit': 'What is read of one file is bounded.',
} as const;

export type Rule = keyof typeof RULES;

export interface Problem {
  /** Of the first byte that is wrong, from the beginning of the file. */
  readonly offset: number;
  readonly rule: Rule;
  /** What is wrong, without the name of the file. Not escaped. */
  readonly message: string;
}

/** A file full of damage has a problem at each byte: nobody reads more than a few. */
const PROBLEMS_MAX = 100;
/** Longer texts are cut in messages. */
const SHOWN_MAX = 60;

/** Collects problems, up to a bound. */
export class ProblemList {
  readonly problems: Problem[] = [];

  add(offset: number, rule: Rule, message: string): void {
    // What was not read is worth knowing, however much is wrong before it.
    if (rule === 'read-limit') this.problems.splice(PROBLEMS_MAX - 1);
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({offset, rule, message});
  }
}

/** `"abc"`, cut if it is long. */
export function shown(text: string): string {
  return text.length <= SHOWN_MAX ? `"${text}"` : `"${text.slice(0, SHOWN_MAX)}..."`;
}
