/**
 * SSTables: immutable files, each a JSON array of entries. Keys ascend, and no
 * key occurs twice.
 *
 *   sst-1.json    [
 *                 {"key":"apple","value":"7"},
 *                 {"key":"fig","deleted":true},
 *                 {"key":"pear","value":"3"}
 *                 ]
 *
 * One entry a line is still JSON, and lets a lookup search the text and parse
 * one line where it would otherwise parse them all.
 *
 * Simplification, and its cost: a lookup reads the whole file, so a key that is
 * absent costs one read of every SSTable there is.
 */
import {corruption} from '@kv-workshop/shared/errors';
import type {File, FileSystem} from '@kv-workshop/shared/file-system';

/** What is known of a key. */
export interface Entry {
  readonly key: string;
  /** Null if the key was deleted: the entry is then a tombstone, which hides all older ones. */
  readonly value: string | null;
}

/** `readEntries` reads so much at once. */
const CHUNK_BYTES = 4096;
const NAME = /^sst-([1-9][0-9]*)\.json$/;

export function sstableName(id: number): string {
  return `sst-${id}.json`;
}

/** The id in an SSTable's name, or undefined if `name` is not one. */
export function sstableId(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Replaces a file of that name. Once settled, the file and its name are durable.
 * REQUIRES: `entries` ascend by key, each key once.
 */
export async function writeSSTable(
  fileSystem: FileSystem,
  name: string,
  entries: readonly Entry[],
): Promise<void> {
  const lines = entries.map((entry) => JSON.stringify(recordOf(entry)));
  const file = await fileSystem.open(name, 'create');
  try {
    await file.append(new TextEncoder().encode(`[\n${lines.join(',\n')}\n]\n`));
    await file.sync();
  } finally {
    await file.close();
  }
  await fileSystem.syncDir('');
}

/**
 * The value of `key` in one SSTable, by linear search; null if there is a
 * tombstone, undefined if there is no entry.
 * @throws KvError CORRUPTION
 */
export function findInSSTable(
  fileSystem: FileSystem,
  name: string,
  key: string,
): string | null | undefined {
  const text = new TextDecoder().decode(fileSystem.readFileSync(name));
  if (!text.startsWith('[\n') || !text.endsWith('\n]\n')) {
    throw corruption(name, 0, 'not an SSTable: it does not begin with [ and end with ]');
  }
  // Inside a value each quote is escaped, so this can match at an entry only.
  const start = text.indexOf(`\n{"key":"${key}",`) + 1;
  if (start === 0) return undefined;
  const line = text.slice(start, text.indexOf('\n', start));
  return parseEntry(line.endsWith(',') ? line.slice(0, -1) : line, name, start).value;
}

/**
 * All entries, ascending, each read when it is asked for: what is in memory is
 * one chunk and the line that it cuts, whatever the size of the file.
 * @throws KvError CORRUPTION
 */
export function* readEntries(file: File, name: string): Generator<Entry> {
  let line = '';
  let offset = 0;
  let lastKey = '';
  for (line of readLines(file)) {
    if (!['[', ']', ''].includes(line)) {
      const entry = parseEntry(line.replace(/,$/, ''), name, offset);
      if (entry.key <= lastKey) throw corruption(name, offset, 'the keys do not ascend');
      lastKey = entry.key;
      yield entry;
    }
    offset += line.length + 1;
  }
  // Part of a file must not pass for the whole: a compaction would lose the rest for good.
  if (line !== ']') throw corruption(name, offset, 'not an SSTable: it does not end with ]');
}

/** The lines, without their newlines; the last one counts if it lacks it. */
function* readLines(file: File): Generator<string> {
  const decoder = new TextDecoder();
  let cut = '';
  for (let offset = 0; offset < file.size; offset += CHUNK_BYTES) {
    const lines = (cut + decoder.decode(file.readSync(offset, CHUNK_BYTES))).split('\n');
    cut = lines.pop() ?? '';
    yield* lines;
  }
  if (cut !== '') yield cut;
}

function recordOf({key, value}: Entry): object {
  return value === null ? {key, deleted: true} : {key, value};
}

function parseEntry(line: string, file: string, offset: number): Entry {
  try {
    const {key, value, deleted} = JSON.parse(line);
    if (typeof key === 'string' && typeof value === 'string') return {key, value};
    if (typeof key === 'string' && deleted === true) return {key, value: null};
  } catch {
    // Not JSON.
  }
  throw corruption(
    file,
    offset,
    'this line is not {"key":…,"value":…} or {"key":…,"deleted":true}',
  );
}
