/**
 * The k-way merge: several runs, each sorted by key, become one. A min-heap has
 * the next entry of each run; its smallest is the smallest of all.
 *
 *   newest   a=3       c=✝              heap pops   a=3  (and drops a=1)
 *            a=1  b=2            =>                 b=2
 *   oldest        b=1  c=5                          c=✝  (and drops c=5)
 *
 * Runs come in stretches. What a run has before the next entry of all others is
 * passed on as one: often the rest of a block, after a single comparison.
 *
 * Memory: one block of each run, whatever the length of the runs.
 */
import type {Block} from './block.ts';
import {compareKeys} from './compare-keys.ts';
import {MinHeap} from './min-heap.ts';
import type {Entry} from './sstable.ts';

/** Entries in a row, by ascending key: those of a block from `start` to before `end`. */
export interface Stretch {
  readonly block: Pick<Block, 'keyAt' | 'isTombstoneAt' | 'valueAt'>;
  readonly start: number;
  readonly end: number;
}

interface Head {
  /** The first of the stretch, which is not empty. */
  readonly key: string;
  readonly stretch: Stretch;
  readonly rest: Iterator<Stretch>;
  /** 0 is the newest run. */
  readonly age: number;
}

/**
 * Every key of the runs once, ascending, with its newest entry, tombstones included.
 * @param runs newest first; the keys of each ascend, each once
 */
export function* merge(runs: readonly Iterable<Stretch>[]): Generator<Stretch> {
  const heap = new MinHeap<Head>(isBefore);
  for (const [age, run] of runs.entries()) {
    pushNext(heap, stretchOf([]), run[Symbol.iterator](), age);
  }
  let lastKey = '';
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    const {key, stretch, rest, age} = head;
    const {block, start, end} = stretch;
    let nextStart = start + 1;
    // Of equal keys the newest comes first: the others are older, and hidden by it.
    if (compareKeys(key, lastKey) !== 0) {
      nextStart = endOfLead(stretch, heap.peek());
      yield {block, start, end: nextStart};
      lastKey = block.keyAt(nextStart - 1);
    }
    pushNext(heap, {block, start: nextStart, end}, rest, age);
  }
}

/** All entries, as one stretch. REQUIRES: they ascend by key. */
export function stretchOf(entries: readonly Entry[]): Stretch {
  const block = {
    keyAt: (index: number) => entries[index]?.key ?? '',
    isTombstoneAt: (index: number) => entries[index]?.value === null,
    valueAt: (index: number) => entries[index]?.value ?? null,
  };
  return {block, start: 0, end: entries.length};
}

export function* entriesOf(stretches: Iterable<Stretch>): Generator<Entry> {
  for (const {block, start, end} of stretches) {
    for (let index = start; index < end; index++) {
      yield {key: block.keyAt(index), value: block.valueAt(index)};
    }
  }
}

function isBefore(a: Head, b: Head): boolean {
  const order = compareKeys(a.key, b.key);
  return order === 0 ? a.age < b.age : order < 0;
}

/** Where the entries end that are before those of all other runs; the first one is. */
function endOfLead({block, start, end}: Stretch, second: Head | undefined): number {
  if (second === undefined || compareKeys(block.keyAt(end - 1), second.key) < 0) return end;
  let low = start + 1;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys(block.keyAt(middle), second.key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pushes what is left of a stretch, or the next one. */
function pushNext(
  heap: MinHeap<Head>,
  stretch: Stretch,
  rest: Iterator<Stretch>,
  age: number,
): void {
  if (stretch.start < stretch.end) {
    heap.push({key: stretch.block.keyAt(stretch.start), stretch, rest, age});
    return;
  }
  const next = rest.next();
  if (next.done !== true) pushNext(heap, next.value, rest, age);
}
