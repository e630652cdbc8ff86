/**
 * SSTables: immutable files, each a JSON array of entries. Keys ascend, and no
 * key occurs twice.
 *
 *   sst-1.json    [
 *                 {"key":"apple","value":"7"},
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
import type {FileSystem} from '@kv-workshop/shared/file-system';

export interface Entry {
  readonly key: string;
  readonly value: string;
}

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
  const lines = entries.map((entry) => JSON.stringify(entry));
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
 * The value of `key` in one SSTable, by linear search; undefined if it has none.
 * @throws KvError CORRUPTION
 */
export function findInSSTable(
  fileSystem: FileSystem,
  name: string,
  key: string,
): string | undefined {
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

function parseEntry(line: string, file: string, offset: number): Entry {
  try {
    const entry = JSON.parse(line);
    if (typeof entry.key === 'string' && typeof entry.value === 'string') return entry;
  } catch {
    // Not JSON.
  }
  throw corruption(file, offset, 'this line is not {"key":…,"value":…}');
}
