/**
 * The lesson of week 7 in one table: a hash table takes writes fast and is sorted
 * at each flush and each scan; a radix trie is sorted all the time.
 */
import {Memtable as HashMemtable} from '../../../weeks/06-blocks/src/memtable.ts';
import {RadixTrie} from '../../../weeks/07-bloom-and-trie/src/radix-trie.ts';
import type {BenchContext} from './bench.ts';
import {median} from './measure.ts';
import {type BenchTable, rounded} from './table.ts';
import {presentKey, shuffled, valueOf} from './workload.ts';

const ENTRIES = 1_953;
/** Memtables filled in one round. */
const FILLS = 100;
const SCANNED_KEYS = 100;

interface Memtable {
  put(key: string, value: string): void;
  get(key: string): string | null | undefined;
  sorted(): readonly {readonly key: string}[];
}

/** That of week 7 without the hashes in front of it, which are for keys that are not there. */
class TrieMemtable extends RadixTrie implements Memtable {
  sorted() {
    return [...this.entries()];
  }
}

/** Nanoseconds for a put and a get, microseconds for a flush and a scan. */
interface Times {
  readonly putNs: number;
  readonly getNs: number;
  readonly flushUs: number;
  readonly scanUs: number;
}

export async function benchMemtables({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const hash: Times[] = [];
  const trie: Times[] = [];
  for (let round = 0; round <= rounds; round++) {
    progress(round === 0 ? 'warm-up' : `round ${round} of ${rounds}`);
    const ofHash = measure(() => new HashMemtable(), scanBySorting, round);
    const ofTrie = measure(() => new TrieMemtable(), scanByWalking, round);
    if (round > 0) hash.push(ofHash);
    if (round > 0) trie.push(ofTrie);
  }
  const columns = ['', 'hash table', 'radix trie', 'trie / hash'];
  const rows = (
    [
      ['put, ns', 'putNs'],
      ['get, ns', 'getNs'],
      ['entries in order, for a flush, µs', 'flushUs'],
      [`scan of ${SCANNED_KEYS} keys, µs`, 'scanUs'],
    ] as const
  ).map(([name, field]) => {
    const [ofHash, ofTrie] = [hash, trie].map((times) => median(times.map((each) => each[field])));
    return [
      name,
      rounded(ofHash ?? 0),
      rounded(ofTrie ?? 0),
      rounded((ofTrie ?? 0) / (ofHash ?? 0)),
    ];
  });
  const notes = [`Memtables of ${ENTRIES} entries, in random order.`];
  return [{title: 'Memtables of weeks 6 and 7', columns, rows, notes}];
}

function measure<M extends Memtable>(
  create: () => M,
  scan: (memtable: M, start: string) => number,
  round: number,
): Times {
  const numbers = shuffled(ENTRIES, round);
  const entries = numbers.map((number) => [presentKey(number), valueOf(round, number)] as const);
  // Strings of their own: those that were stored would be found by identity.
  const asked = shuffled(ENTRIES, round + 1).map(presentKey);
  const start = presentKey(numbers.find((number) => number + SCANNED_KEYS < ENTRIES) ?? 0);
  const totalMs = {put: 0, get: 0, flush: 0, scan: 0};
  let found = 0;
  for (let fill = 0; fill < FILLS; fill++) {
    const memtable = create();
    totalMs.put += timed(() => {
      for (const [key, value] of entries) memtable.put(key, value);
    });
    totalMs.get += timed(() => {
      for (const key of asked) if (memtable.get(key) !== undefined) found += 1;
    });
    totalMs.flush += timed(() => {
      found += memtable.sorted().length;
    });
    totalMs.scan += timed(() => {
      found += scan(memtable, start);
    });
  }
  const expected = FILLS * (2 * ENTRIES + SCANNED_KEYS);
  if (found !== expected) throw new Error(`${found} entries were found, not ${expected}`);
  return {
    putNs: (totalMs.put * 1e6) / (FILLS * ENTRIES),
    getNs: (totalMs.get * 1e6) / (FILLS * ENTRIES),
    flushUs: (totalMs.flush * 1_000) / FILLS,
    scanUs: (totalMs.scan * 1_000) / FILLS,
  };
}

function scanBySorting(memtable: HashMemtable, start: string): number {
  const entries = memtable.sorted();
  const first = entries.findIndex(({key}) => key >= start);
  return entries.slice(first, first + SCANNED_KEYS).length;
}

function scanByWalking(memtable: TrieMemtable, start: string): number {
  let count = 0;
  for (const _ of memtable.entries(start)) if (++count === SCANNED_KEYS) break;
  return count;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
