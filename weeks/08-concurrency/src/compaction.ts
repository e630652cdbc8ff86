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
import {keyRange, type Run, type SSTable} from './levels.ts';
import {entriesOf, merge} from './merge.ts';
import {withRuns} from './runs.ts';
import type {Entry} from './sstable.ts';
import type {TableCache} from './table-cache.ts';
import type {Turns} from './take-turns.ts';

/** Entries in a turn: so many, and so many more for each input. Less than half a millisecond. */
const TURN_ENTRIES = 32;
const TURN_ENTRIES_PER_INPUT = 2;

/**
 * Writes what is live in `inputs` to new SSTables, and leaves `inputs` alone.
 * Once settled, the new files are durable and open.
 * @param inputs newest first
 * @param keepsTombstones REQUIRES: true if older entries of their keys may be elsewhere
 * @param newName gives the path of one more output
 * @param entriesMax entries in one output
 * @param turns requests run between them. The more SSTables wait in L0, the longer they are,
 *   so that L0 does not grow without end, however fast writes are
 * @returns the outputs, by ascending keys
 * @throws KvError CORRUPTION, or the file operation's error; the outputs are then removed
 */
export async function mergeSSTables(
  cache: TableCache,
  inputs: readonly Run[],
  keepsTombstones: boolean,
  newName: () => string,
  entriesMax: number,
  turns: Turns,
): Promise<SSTable[]> {
  const turnEntries = TURN_ENTRIES + TURN_ENTRIES_PER_INPUT * inputs.length;
  const outputs: SSTable[] = [];
  try {
    await withRuns(cache, inputs, async (runs) => {
      const all = entriesOf(merge(runs));
      const merged = keepsTombstones ? all : live(all);
      for await (const entries of split(merged, entriesMax, turnEntries, turns)) {
        const [minKey = '', maxKey = ''] = [entries[0]?.key, entries.at(-1)?.key];
        const output = {path: newName(), ...keyRange(minKey, maxKey)};
        outputs.push(output);
        await cache.write(output.path, entries);
      }
    });
    return outputs;
  } catch (error) {
    // A full disk must not stay full of files that nobody lists. One that cannot be
    // removed is an orphan: it takes up nothing but space.
    await Promise.allSettled(outputs.map(({path}) => cache.remove(path)));
    throw error;
  }
}

function* live(entries: Iterable<Entry>): Generator<Entry> {
  for (const entry of entries) if (entry.value !== null) yield entry;
}

/** Groups of `entriesMax`, the last one with what is left. Requests run while it gathers them. */
async function* split(
  entries: Iterable<Entry>,
  entriesMax: number,
  turnEntries: number,
  turns: Turns,
): AsyncGenerator<Entry[]> {
  let group: Entry[] = [];
  for (const entry of entries) {
    group.push(entry);
    if (group.length % turnEntries === 0) await turns.end();
    if (group.length < entriesMax) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
