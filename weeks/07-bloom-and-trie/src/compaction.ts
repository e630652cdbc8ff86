/**
 * Compaction: SSTables are merged into new ones, in which each key occurs once.
 * All of a level and all of the one below it take part.
 *
 *   L1   sst-1   a=1  b=1  c=1
 *   L0   sst-2        b=2            becomes   L1   sst-4   b=2  d=1
 *        sst-3   a=✝       c=✝  d=1
 *
 * A tombstone is dropped together with what it hides if nothing older of its key
 * can be left: only a compaction into the lowest level that has data is sure of
 * that. Were there a=0 in L2 above, the key a would come back to life.
 *
 * The inputs stay until MANIFEST lists the outputs instead, so a crash at any
 * moment leaves one of them complete and listed, and the other as orphans.
 *
 * Memory: one block of each run and the entries of one output. Simplification,
 * and its cost: two levels are rewritten, however little of them has changed, and
 * the disk needs room for them twice.
 */
import type {OnEvent} from '@kv-workshop/shared/events';
import {keyRange, type Run, type SSTable} from './levels.ts';
import {entriesOf, merge} from './merge.ts';
import {withRuns} from './runs.ts';
import type {Entry} from './sstable.ts';
import type {TableCache} from './table-cache.ts';

/**
 * Writes what is live in `inputs` to new SSTables, and leaves `inputs` alone.
 * Once settled, the new files are durable and open.
 * @param inputs newest first
 * @param keepsTombstones REQUIRES: true if older entries of their keys may be elsewhere
 * @param newName gives the path of one more output
 * @param entriesMax entries in one output
 * @returns the outputs, by ascending keys
 * @throws KvError CORRUPTION, or the file operation's error; the outputs are then removed
 */
export async function mergeSSTables(
  cache: TableCache,
  inputs: readonly Run[],
  keepsTombstones: boolean,
  newName: () => string,
  entriesMax: number,
): Promise<SSTable[]> {
  const outputs: SSTable[] = [];
  try {
    await withRuns(cache, inputs, async (runs) => {
      const all = entriesOf(merge(runs));
      const merged = keepsTombstones ? all : live(all);
      for (const entries of split(merged, entriesMax)) {
        const [minKey = '', maxKey = ''] = [entries[0]?.key, entries.at(-1)?.key];
        const output = {path: newName(), ...keyRange(minKey, maxKey)};
        outputs.push(output);
        await cache.write(output.path, entries);
      }
    });
    return outputs;
  } catch (error) {
    // A full disk must not stay full of files that nobody lists.
    await removeSSTables(cache, outputs, () => {});
    throw error;
  }
}

/**
 * Removes files that MANIFEST does not list. One that cannot be removed is
 * reported and stays: it is an orphan, and takes up nothing but space.
 */
export async function removeSSTables(
  cache: TableCache,
  tables: readonly SSTable[],
  onEvent: OnEvent,
): Promise<void> {
  for (const {path} of tables) {
    try {
      await cache.remove(path);
    } catch (error) {
      onEvent({type: 'orphan-left', file: path, reason: (error as Error).message});
    }
  }
}

function* live(entries: Iterable<Entry>): Generator<Entry> {
  for (const entry of entries) if (entry.value !== null) yield entry;
}

/** Groups of `entriesMax`, the last one with what is left. */
function* split(entries: Iterable<Entry>, entriesMax: number): Generator<Entry[]> {
  let group: Entry[] = [];
  for (const entry of entries) {
    group.push(entry);
    if (group.length < entriesMax) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
