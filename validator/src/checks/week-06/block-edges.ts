import type {Random} from '@kv-workshop/fixtures/generate/random';
import {expectInAnyOrder, writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {letters} from '../keys.ts';
import {memtableEntriesAccepted, memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const BLOCK_ENTRIES = 31;
const LENGTH_MAX = 64;

export const blockEdges: Check = {
  id: 'block-edges',
  title: 'Every key of a full SSTable',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A full SSTable has each of its keys, the first and the last of every block, and none between; keys and values of 64 bytes keep their last one.',
  hints: {
    look: 'the search in the index (the last first-key that is not greater than the key), and in the block',
    cause:
      'a search that is off by one at the edges of a block, the last block left out, or a zero byte expected behind 64 bytes',
    chapter: 'docs/weeks/06.md#the-lookup',
  },
  cost: {requests: 4_700, writes: 2_010, restarts: 1},

  async run({server, random, week, progress}) {
    const count = memtableEntriesAccepted(week) + 10;
    progress(`writing ${count} keys`);
    const entries = entriesOfAllLengths(random, count);
    // The first memtable has what the first SSTable will have, in whatever order it comes.
    const full = memtableEntriesMax(week);
    await writeInAnyOrder(server, entries.slice(0, full));
    await writeInAnyOrder(server, entries.slice(full));

    const written = new Set(entries.map(([key]) => key));
    const flushed = entries.slice(0, full).map(([key]) => key);
    const edges = edgesOf(flushed.sort());
    const absent = Array.from(between(edges)).filter((key) => !written.has(key) && key !== 'scan');
    progress(`reading ${written.size} keys`);
    await expectInAnyOrder(server, random.shuffled([...written, ...absent]));

    // Now nothing comes from a cache.
    await server.killAndStart();
    const long = entries.filter(([key, value]) => key.length + value.length === 2 * LENGTH_MAX);
    await expectInAnyOrder(server, [...edges, ...long.map(([key]) => key), ...absent]);
  },
};

/** Keys and values of each length from 1 to 64, many of them the longest; spaces at any place. */
function entriesOfAllLengths(random: Random, count: number): [key: string, value: string][] {
  const entries = new Map<string, string>();
  for (let index = 0; entries.size < count; index++) {
    const key = letters(random, lengthAt(index, 3));
    // The longest keys differ only at their ends.
    const long = `${'m'.repeat(LENGTH_MAX - 3)}${letters(random, 3)}`;
    const value = Array.from({length: lengthAt(index, 4)}, () =>
      random.below(5) === 0 ? ' ' : letters(random, 1),
    );
    if (key !== 'scan') entries.set(key.length < LENGTH_MAX ? key : long, value.join(''));
  }
  return Array.from(entries);
}

/** Each `every`-th is the longest; the others go through all lengths. */
function lengthAt(index: number, every: number): number {
  return index % every === 0 ? LENGTH_MAX : 1 + (index % (LENGTH_MAX - 1));
}

/** The first and the last keys of full blocks. @param sorted the keys of an SSTable */
function edgesOf(sorted: readonly string[]): string[] {
  const places = [0, BLOCK_ENTRIES - 1];
  return sorted.filter((_, index) => places.includes(index % BLOCK_ENTRIES));
}

/** Keys that belong just before and just behind those. */
function* between(keys: readonly string[]): Generator<string> {
  for (const key of keys) {
    if (key.length < LENGTH_MAX) yield `${key}a`;
    if (key.length > 1) yield key.slice(0, -1);
  }
  yield 'a'.repeat(LENGTH_MAX);
  yield 'z'.repeat(LENGTH_MAX);
}
