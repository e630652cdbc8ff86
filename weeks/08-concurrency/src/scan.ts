/**
 * A scan merges all that may have keys in its range: the memtables, L0, and the
 * levels below it. It sees one version of the catalog from its first key to its
 * last. Only the memtable that takes writes may change meanwhile: of memtables the
 * range is copied.
 *
 * Simplification, and its cost: the version is pinned to the end, so a slow scan
 * keeps SSTables and logs on disk that nobody else needs.
 */
import type {Version} from './catalog.ts';
import {compareKeys} from './compare-keys.ts';
import {firstReaching, type Run} from './levels.ts';
import {merge, type Stretch, stretchOf} from './merge.ts';
import {readRun} from './runs.ts';
import type {Entry} from './sstable.ts';
import type {TableCache} from './table-cache.ts';

/**
 * The keys in [start, end) that are present, ascending, some at a time, read as they
 * are asked for.
 * REQUIRES: `version` is pinned until the last of them.
 * @throws KvError CORRUPTION, or the file operation's error
 */
export function* scanVersion(
  cache: TableCache,
  {active, full, levels}: Version,
  start: string,
  end: string,
): Generator<string[]> {
  const [l0 = [], ...lower] = levels;
  const memtables = [active, ...full.toReversed()].map(({memtable}) => [
    stretchOf([...until(memtable.from(start), end)]),
  ]);
  const runs: Run[] = l0.toReversed().map((table) => [table]);
  for (const tables of lower) {
    const first = firstReaching(tables, start);
    if (first !== undefined) runs.push(tables.slice(tables.indexOf(first)));
  }
  const onDisk = runs.map((run) => readRun(run, cache, start, true));
  for (const {block, start: first, end: stretchEnd} of merge([...memtables, ...onDisk])) {
    let last = stretchEnd - 1;
    while (last >= first && compareKeys(block.keyAt(last), end) >= 0) last -= 1;
    yield presentKeys({block, start: first, end: last + 1});
    if (last + 1 < stretchEnd) return;
  }
}

function* until(entries: Iterable<Entry>, end: string): Generator<Entry> {
  for (const entry of entries) {
    if (entry.key >= end) return;
    yield entry;
  }
}

function presentKeys({block, start, end}: Stretch): string[] {
  const keys: string[] = [];
  for (let index = start; index < end; index++) {
    if (!block.isTombstoneAt(index)) keys.push(block.keyAt(index));
  }
  return keys;
}
