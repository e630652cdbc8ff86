/**
 * The files of weeks 2 to 4 as the contract draws them: SSTables as JSON
 * arrays, MANIFEST as a list of names, and the log as one JSON object a line.
 */
import {CheckFailure} from './failure.ts';
import {quote} from './show-value.ts';

export interface TableEntry {
  readonly key: string;
  /** Null: a tombstone. */
  readonly value: string | null;
}

/** @throws CheckFailure unless it is a JSON array of entries, sorted by key, each key once */
export function parseSSTable(path: string, bytes: Uint8Array): TableEntry[] {
  const json = parseJson(path, new TextDecoder().decode(bytes), 'a JSON array of entries');
  if (!Array.isArray(json)) throw broken(path, 'it is not a JSON array', SSTABLE_RULE);
  const entries = json.map((entry, index) => tableEntry(path, entry, index));
  for (const [index, entry] of entries.entries()) {
    const before = entries[index - 1];
    if (before === undefined || before.key < entry.key) continue;
    const what = before.key === entry.key ? 'occurs twice' : `comes after ${quote(before.key)}`;
    throw broken(path, `entry ${index}: key ${quote(entry.key)} ${what}`, SSTABLE_RULE);
  }
  return entries;
}

function tableEntry(path: string, entry: unknown, index: number): TableEntry {
  const {key, value, deleted} = isRecord(entry) ? entry : {};
  // Other fields, and a tombstone's empty value, are how some languages write a record.
  const isTombstone = deleted === true;
  const isValue = typeof value === 'string' && !isTombstone;
  if (typeof key === 'string' && (isValue || isTombstone)) {
    return {key, value: isValue ? value : null};
  }
  throw broken(
    path,
    `entry ${index} is ${quote(JSON.stringify(entry))}, not {"key":"…","value":"…"}`,
    SSTABLE_RULE,
  );
}

/** The names in MANIFEST, oldest first; the last line may lack its newline. @throws CheckFailure if a line is empty */
export function parseManifest(path: string, bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  if (text === '') return [];
  const names = text.replace(/\n$/, '').split('\n');
  for (const [index, name] of names.entries()) {
    if (name === '' || name.trim() !== name) {
      throw broken(path, `line ${index + 1} is ${quote(name)}, not a file name`, MANIFEST_RULE);
    }
    if (names.indexOf(name) < index) throw broken(path, `it lists ${name} twice`, MANIFEST_RULE);
  }
  return names;
}

export interface LogRecord {
  readonly op: 'put' | 'delete';
  readonly key: string;
  readonly value: string | null;
}

/** The log's records, oldest first. @throws CheckFailure at the first that is none */
export function parseLog(path: string, bytes: Uint8Array): LogRecord[] {
  const text = new TextDecoder().decode(bytes);
  if (text === '') return [];
  if (!text.endsWith('\n')) throw broken(path, 'its last record has no newline', LOG_RULE);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line, index) => logRecord(path, line, index + 1));
}

function logRecord(path: string, line: string, number: number): LogRecord {
  const json = parseJson(`${path}, line ${number}`, line, 'a JSON object');
  const {op, key, value} = isRecord(json) ? json : {};
  if (op === 'put' && typeof key === 'string' && typeof value === 'string') return {op, key, value};
  if (op === 'delete' && typeof key === 'string') return {op, key, value: null};
  throw broken(
    path,
    `line ${number} is ${quote(line)}, not {"op":"put","key":"…","value":"…"}`,
    LOG_RULE,
  );
}

function parseJson(where: string, text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw broken(where, `it is not ${what}: ${(error as Error).message}`, 'JSON is JSON.');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The failure of a file that breaks its format. */
export function broken(path: string, problem: string, invariant: string): CheckFailure {
  return new CheckFailure({summary: `${path}: ${problem}`, invariant});
}

export const SSTABLE_RULE =
  'An SSTable is a JSON array of {"key","value"}: keys ascend, and no key occurs twice.';
export const MANIFEST_RULE = 'MANIFEST lists the SSTables, one name a line, oldest first.';
export const LOG_RULE = 'The log is one JSON object a line: {"op":"put","key":"…","value":"…"}.';
