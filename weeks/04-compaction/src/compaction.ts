/**
 * Compaction: SSTables are merged into new ones, in which each key occurs once.
 *
 *   sst-1   a=1  b=1  c=1
 *   sst-2        b=2              becomes   sst-4   b=2  d=1
 *   sst-3   a=✝       c=✝  d=1
 *
 * The merge has every entry of a key before it, so a tombstone hides nothing
 * that is left afterwards, and is dropped together with what it hides. This
 * holds only because all SSTables take part: were sst-1 left out above, the
 * keys a and c would come back to life.
 *
 * The inputs stay until MANIFEST lists the outputs instead, so a crash at any
 * moment leaves one of them complete and listed, and the other as orphans.
 *
 * Memory: one chunk of each input and the entries of one output. Simplification,
 * and its cost: all data are rewritten, however little of them has changed, and
 * the disk needs room for them twice.
 */
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {merge} from './merge.ts';
import {withRuns} from './runs.ts';
import {type Entry, writeSSTable} from './sstable.ts';

/**
 * Writes what is live in `inputs` to new SSTables, and leaves `inputs` alone.
 * Once settled, the new files are durable.
 * @param inputs newest first; REQUIRES: all SSTables that there are
 * @param newName gives the name of one more output
 * @param entriesMax entries in one output
 * @returns the outputs, by ascending keys; there is always at least one
 * @throws KvError CORRUPTION, or the file operation's error; the outputs are then removed
 */
export async function mergeSSTables(
  fileSystem: FileSystem,
  inputs: readonly string[],
  newName: () => string,
  entriesMax: number,
): Promise<string[]> {
  const outputs: string[] = [];
  try {
    await withRuns(fileSystem, inputs, async (runs) => {
      for (const entries of split(live(merge(runs)), entriesMax)) {
        const output = newName();
        outputs.push(output);
        await writeSSTable(fileSystem, output, entries);
      }
    });
    return outputs;
  } catch (error) {
    // A full disk must not stay full of files that nobody lists.
    await removeSSTables(fileSystem, outputs, () => {});
    throw error;
  }
}

/**
 * Removes files that MANIFEST does not list. One that cannot be removed is
 * reported and stays: it is an orphan, and takes up nothing but space.
 */
export async function removeSSTables(
  fileSystem: FileSystem,
  names: readonly string[],
  onEvent: OnEvent,
): Promise<void> {
  for (const name of names) {
    try {
      await fileSystem.remove(name);
    } catch (error) {
      onEvent({type: 'orphan-left', file: name, reason: (error as Error).message});
    }
  }
}

function* live(entries: Iterable<Entry>): Generator<Entry> {
  for (const entry of entries) if (entry.value !== null) yield entry;
}

/** Groups of `entriesMax`, the last one with what is left. Of nothing one empty group. */
function* split(entries: Iterable<Entry>, entriesMax: number): Generator<Entry[]> {
  let group: Entry[] = [];
  let groupCount = 0;
  for (const entry of entries) {
    group.push(entry);
    if (group.length < entriesMax) continue;
    yield group;
    groupCount += 1;
    group = [];
  }
  // An empty MANIFEST beside SSTables that were not removed yet would look damaged.
  if (group.length > 0 || groupCount === 0) yield group;
}
