/** What the k-way merge does, step by step: seen from its inputs and its output. */
import {merge} from '../../../../weeks/04-compaction/src/merge.ts';
import type {Entry} from '../../../../weeks/04-compaction/src/sstable.ts';
import {table} from './table.ts';

const RUNS: readonly {readonly name: string; readonly entries: readonly Entry[]}[] = [
  {name: 'sst-3', entries: [entry('a', '3'), entry('c', null), entry('d', '1')]},
  {name: 'sst-2', entries: [entry('b', '2')]},
  {name: 'sst-1', entries: [entry('a', '1'), entry('b', '1'), entry('c', '1')]},
];

export function mergeSteps(): string {
  /** What was read last of each run: the merge has it in its heap. */
  const heads = new Map<string, Entry>();
  const popped: {readonly heap: string; readonly entry: Entry}[] = [];
  const runs = RUNS.map(({name, entries}) => watch(name, entries, heads, popped));
  const kept = new Set(merge(runs));
  const rows = popped.map(({heap, entry: {key, value}, entry: found}) => [
    heap,
    show({key, value}),
    kept.has(found) ? 'kept' : `dropped: an older entry of ${key}`,
  ]);
  const columns = [['in the heap, smallest first', 'popped', ''], ...rows];
  return table(columns, ['left', 'left', 'left']);
}

/** The run; whenever the merge asks it for more, it has popped the entry before. */
function* watch(
  name: string,
  entries: readonly Entry[],
  heads: Map<string, Entry>,
  popped: {heap: string; entry: Entry}[],
): Generator<Entry> {
  for (const next of entries) {
    heads.set(name, next);
    yield next;
    popped.push({heap: showHeap(heads), entry: next});
    heads.delete(name);
  }
}

/** By key, then the newest first, as the merge sorts them. */
function showHeap(heads: ReadonlyMap<string, Entry>): string {
  const age = (name: string) => RUNS.findIndex((run) => run.name === name);
  const sorted = [...heads].sort(([nameA, a], [nameB, b]) =>
    a.key === b.key ? age(nameA) - age(nameB) : a.key < b.key ? -1 : 1,
  );
  return sorted.map(([name, head]) => `${show(head)} (${name})`).join('  ');
}

function show({key, value}: Entry): string {
  return `${key}=${value ?? '✝'}`;
}

function entry(key: string, value: string | null): Entry {
  return {key, value};
}
