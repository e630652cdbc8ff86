/**
 * Levels: L0 takes what is flushed; each compaction merges one level into the
 * one below it, so the lower a level, the older its entries.
 *
 *   L0   sst-7 (oldest)   sst-8   sst-9        key ranges may overlap
 *   L1   [a … fig] sst-5   [grape … zoo] sst-6        they may not
 *
 * In L1 and below each key is in one SSTable at most, and its key range says in
 * which: a lookup reads one file a level there, but all of L0.
 */
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {KEY_LENGTH_MAX} from '@kv-workshop/shared/limits';
import {SortedKeys} from './sorted-keys.ts';

/** An SSTable and its key range, both ends inclusive. */
export interface SSTable {
  readonly path: string;
  readonly minKey: string;
  readonly maxKey: string;
}

/** L0 is sorted by age, oldest first; all others by key, and without overlaps. */
export type Levels = readonly (readonly SSTable[])[];

/** SSTables that are read one after another as if they were one: their keys ascend. */
export type Run = readonly SSTable[];

/** The key range of an SSTable in L0, of which nothing is known: that of all keys. */
export const ALL_KEYS = {minKey: '0', maxKey: 'z'.repeat(KEY_LENGTH_MAX)};

/** Lookups compare with the keys: what was cut out of a longer text is slow to compare. */
export function keyRange(minKey: string, maxKey: string): Pick<SSTable, 'minKey' | 'maxKey'> {
  const copy = (key: string) => new TextDecoder().decode(new TextEncoder().encode(key));
  return {minKey: copy(minKey), maxKey: copy(maxKey)};
}

/** The first keys of each level that was searched. A level never changes: another takes its place. */
const FIRST_KEYS = new WeakMap<readonly SSTable[], SortedKeys>();

/** The SSTables that may have an entry of `key`, newest first. */
export function tablesFor(levels: Levels, key: string): SSTable[] {
  const found = levels[0]?.toReversed() ?? [];
  for (let level = 1; level < levels.length; level++) {
    const tables = levels[level] ?? [];
    const table = tables[firstKeysOf(tables).lastNotBehind(key)];
    if (table !== undefined && key <= table.maxKey) found.push(table);
  }
  return found;
}

function firstKeysOf(tables: readonly SSTable[]): SortedKeys {
  const known = FIRST_KEYS.get(tables);
  if (known !== undefined) return known;
  const keys = new SortedKeys(tables.map(({minKey}) => minKey));
  FIRST_KEYS.set(tables, keys);
  return keys;
}

/** The first SSTable that has `key` or keys behind it. REQUIRES: `tables` are no L0. */
export function firstReaching(tables: readonly SSTable[], key: string): SSTable | undefined {
  let low = 0;
  let high = tables.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tables[middle]?.maxKey ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return tables[low];
}

/** What a compaction of `level` into the one below merges, newest first. */
export function runsToCompact(levels: Levels, level: number): Run[] {
  const upper = levels[level] ?? [];
  const lower = levels[level + 1] ?? [];
  return level === 0 ? [...upper.toReversed().map((table) => [table]), lower] : [upper, lower];
}

/** The levels after that compaction. What was flushed to L0 meanwhile stays. */
export function afterCompaction(
  levels: Levels,
  level: number,
  inputs: readonly Run[],
  outputs: Run,
): Levels {
  const compacted = new Set(inputs.flat());
  const left = (levels[level] ?? []).filter((table) => !compacted.has(table));
  return levels.with(level, left).with(level + 1, outputs);
}

/** The paths of the files in the data folder and in the folders of its levels. */
export async function listFiles(fileSystem: FileSystem): Promise<string[]> {
  const paths: string[] = [];
  for (const name of await fileSystem.list('')) {
    if (!/^l[0-9]+$/.test(name)) paths.push(name);
    else paths.push(...(await fileSystem.list(name)).map((inside) => `${name}/${inside}`));
  }
  return paths;
}
