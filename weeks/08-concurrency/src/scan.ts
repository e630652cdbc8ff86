/**
 * A scan merges all that may have keys in its range: the memtables, L0, and the
 * levels below it. It sees one version of the catalog from its first key to its
 * last. Only the memtable that takes writes may change meanwhile: of it the range
 * is copied.
 *
 * Simplification, and its cost: the version is pinned to the end, so a slow scan
 * keeps SSTables and logs on disk that nobody else needs.
 */
import type {Version} from './catalog.ts';
import {firstReaching, type Run} from './levels.ts';
import {merge} from './merge.ts';
import {readRun} from './runs.ts';
import type {Entry} from './sstable.ts';
import type {TableCache} from './table-cache.ts';

/**
 * The keys in [start, end) that are present, ascending, read as they are asked for.
 * REQUIRES: `version` is pinned until the last of them.
 * @throws KvError CORRUPTION, or the file operation's error
 */
export function scanVersion(
  cache: TableCache,
  {active, full, levels}: Version,
  start: string,
  end: string,
): Iterable<string> {
  const [l0 = [], ...lower] = levels;
  const inRange = [...until(active.memtable.from(start), end)];
  const others = full.toReversed().map(({memtable}) => memtable.from(start));
  const runs: Run[] = l0.toReversed().map((table) => [table]);
  for (const tables of lower) {
    const first = firstReaching(tables, start);
    if (first !== undefined) runs.push(tables.slice(tables.indexOf(first)));
  }
  const onDisk = runs.map((run) => readRun(run, cache, start, true));
  return presentKeys(until(merge([inRange, ...others, ...onDisk]), end));
}

function* until(entries: Iterable<Entry>, end: string): Generator<Entry> {
  for (const entry of entries) {
    if (entry.key >= end) return;
    yield entry;
  }
}

function* presentKeys(entries: Iterable<Entry>): Generator<string> {
  for (const {key, value} of entries) if (value !== null) yield key;
}
