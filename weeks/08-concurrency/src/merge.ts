/**
 * The k-way merge: several runs, each sorted by key, become one. A min-heap has
 * the next entry of each run; its smallest is the smallest of all.
 *
 *   newest   a=3       c=✝              heap pops   a=3  (and drops a=1)
 *            a=1  b=2            =>                 b=2
 *   oldest        b=1  c=5                          c=✝  (and drops c=5)
 *
 * Memory: one entry of each run, whatever the length of the runs.
 */
import {MinHeap} from './min-heap.ts';
import type {Entry} from './sstable.ts';

interface Head {
  readonly entry: Entry;
  readonly rest: Iterator<Entry>;
  /** 0 is the newest run. */
  readonly age: number;
}

/**
 * Every key of the runs once, ascending, with its newest entry, tombstones included.
 * @param runs newest first; the keys of each ascend, each once
 */
export function* merge(runs: readonly Iterable<Entry>[]): Generator<Entry> {
  const heap = new MinHeap<Head>(isBefore);
  for (const [age, run] of runs.entries()) pushNext(heap, run[Symbol.iterator](), age);
  let lastKey: string | undefined;
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    // Of equal keys the newest comes first: the others are older, and hidden by it.
    if (head.entry.key !== lastKey) yield head.entry;
    lastKey = head.entry.key;
    pushNext(heap, head.rest, head.age);
  }
}

function isBefore(a: Head, b: Head): boolean {
  if (a.entry.key !== b.entry.key) return a.entry.key < b.entry.key;
  return a.age < b.age;
}

function pushNext(heap: MinHeap<Head>, rest: Iterator<Entry>, age: number): void {
  const next = rest.next();
  if (next.done !== true) heap.push({entry: next.value, rest, age});
}
