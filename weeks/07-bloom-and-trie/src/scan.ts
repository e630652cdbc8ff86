/**
 * A scan merges all that may have keys in its range: the memtable, L0, and the
 * levels below it. It goes slice by slice, so that of each lower level one
 * SSTable is read at a time, whatever the size of the range:
 *
 *   L1   [a … fig]   [grape … zoo]
 *   L2   [apple … lime]   [melon … pear]
 *        ----------|------|------------|--…
 *
 * Simplification, and its cost: between two slices other requests run, so a scan
 * may see some of what is written meanwhile and not the rest.
 */
import {firstReaching, type Levels} from './levels.ts';
import {entriesOf, merge, type Stretch, stretchOf} from './merge.ts';
import {withRuns} from './runs.ts';
import type {Entry} from './sstable.ts';
import type {TableCache} from './table-cache.ts';

export interface Slice {
  /** The keys that are present, ascending. */
  readonly keys: readonly string[];
  /** Where the next slice starts; undefined if there is none. */
  readonly nextStart: string | undefined;
}

/**
 * The first slice of [start, end).
 * @param memtable ascending by key, from `start` on
 * @throws KvError CORRUPTION, or the file operation's error
 */
export async function scanSlice(
  cache: TableCache,
  memtable: Iterable<Entry>,
  levels: Levels,
  start: string,
  end: string,
): Promise<Slice> {
  const [l0 = [], ...lower] = levels;
  const tables = lower.flatMap((level) => firstReaching(level, start) ?? []);
  // The slice ends behind the first of their last keys: no string is between.
  const sliceEnd = [end, ...tables.map(({maxKey}) => `${maxKey}\0`)].reduce(smaller);
  const runs = [...l0.toReversed(), ...tables.filter(({minKey}) => minKey < sliceEnd)];
  const inRange = stretchOf([...until(memtable, sliceEnd)]);
  const keys = await withRuns(
    cache,
    runs.map((table) => [table]),
    (stretches) => presentKeys(merge([[inRange], ...stretches]), start, sliceEnd),
    {from: start, fillsCache: true},
  );
  return {keys, nextStart: sliceEnd < end ? sliceEnd : undefined};
}

function* until(entries: Iterable<Entry>, end: string): Generator<Entry> {
  for (const entry of entries) {
    if (entry.key >= end) return;
    yield entry;
  }
}

function presentKeys(stretches: Iterable<Stretch>, start: string, end: string): string[] {
  const keys: string[] = [];
  for (const {key, value} of entriesOf(stretches)) {
    if (key >= end) break;
    if (key >= start && value !== null) keys.push(key);
  }
  return keys;
}

function smaller(a: string, b: string): string {
  return a < b ? a : b;
}
