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
import {MinHeap} from './min-heap.ts';
import type {Entry} from './sstable.ts';

/** Entries in a row, by ascending key: those of a block from `start` to before `end`. */
export interface Stretch {
  readonly block: Pick<Block, 'keyAt' | 'valueAt'>;
  readonly start: number;
  readonly end: number;
}

interface Head {
  /** Not empty: it begins with the next entry. */
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
  for (const [age, run] of runs.entries()) pushNext(heap, run[Symbol.iterator](), age);
  let lastKey: string | undefined;
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    const {block, start, end} = head.stretch;
    let nextStart = start + 1;
    // Of equal keys the newest comes first: the others are older, and hidden by it.
    if (keyOf(head) !== lastKey) {
      nextStart = endOfLead(head.stretch, heap.peek());
      yield {block, start, end: nextStart};
      lastKey = block.keyAt(nextStart - 1);
    }
    if (nextStart === end) pushNext(heap, head.rest, head.age);
    else heap.push({...head, stretch: {block, start: nextStart, end}});
  }
}

/** All entries, as one stretch. REQUIRES: they ascend by key. */
export function stretchOf(entries: readonly Entry[]): Stretch {
  const keyAt = (index: number) => entries[index]?.key ?? '';
  const valueAt = (index: number) => entries[index]?.value ?? null;
  return {block: {keyAt, valueAt}, start: 0, end: entries.length};
}

export function* entriesOf(stretches: Iterable<Stretch>): Generator<Entry> {
  for (const {block, start, end} of stretches) {
    for (let index = start; index < end; index++) {
      yield {key: block.keyAt(index), value: block.valueAt(index)};
    }
  }
}

function keyOf({stretch: {block, start}}: Head): string {
  return block.keyAt(start);
}

function isBefore(a: Head, b: Head): boolean {
  const [keyA, keyB] = [keyOf(a), keyOf(b)];
  if (keyA !== keyB) return keyA < keyB;
  return a.age < b.age;
}

/** Where the entries end that are before those of all other runs; the first one is. */
function endOfLead({block, start, end}: Stretch, second: Head | undefined): number {
  if (second === undefined) return end;
  const limit = keyOf(second);
  if (block.keyAt(end - 1) < limit) return end;
  let leadEnd = start + 1;
  while (leadEnd < end && block.keyAt(leadEnd) < limit) leadEnd += 1;
  return leadEnd;
}

function pushNext(heap: MinHeap<Head>, rest: Iterator<Stretch>, age: number): void {
  let next = rest.next();
  while (next.done !== true && next.value.start === next.value.end) next = rest.next();
  if (next.done !== true) heap.push({stretch: next.value, rest, age});
}
