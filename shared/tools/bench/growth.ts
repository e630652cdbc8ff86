/**
 * Week 8 at 10,000, 100,000 and 1,000,000 keys, with as many levels as it needs:
 * how reads slow down as the data grows, and how often a byte is written.
 */
import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Engine} from '../../../weeks/08-concurrency/src/engine.ts';
import {DEFAULT_OPTIONS} from '../../../weeks/08-concurrency/src/options.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {BenchContext} from './bench.ts';
import {countWrites} from './count-writes.ts';
import {load, WRITERS} from './load.ts';
import {type Limit, median} from './measure.ts';
import {measureReads, type ReadRates, SCANNED_KEYS} from './read-rates.ts';
import {type BenchTable, mebibytes, rounded, verdict, whole} from './table.ts';
import {KEY_BYTES, presentKey, shuffled, VALUE_BYTES} from './workload.ts';
import {compactionWrites, theoreticalWriteAmplification} from './write-amplification.ts';

const SIZES = [10_000, 100_000, 1_000_000];
/** Room for 10 million keys. Levels that are not needed stay empty. */
const OPTIONS = {...DEFAULT_OPTIONS, levelCount: 4};
/** Room for all blocks of 1,000,000 keys. */
const LARGE_CACHE_BYTES = 256 * 1024 * 1024;

const READS: readonly {
  readonly name: string;
  readonly limit: Limit;
  /** Microseconds. */
  readonly of: (rates: ReadRates) => number;
}[] = [
  {name: 'hit', limit: {atMost: 3.5}, of: ({hitsPerSecond}) => 1e6 / hitsPerSecond},
  {name: 'miss', limit: {atMost: 1.3}, of: ({missesPerSecond}) => 1e6 / missesPerSecond},
  {
    name: `scan of ${whole(SCANNED_KEYS)}`,
    limit: {atMost: 1.1},
    of: ({scansPerSecond = Number.NaN}) => 1e6 / scansPerSecond,
  },
];

const NOTES = [
  `In process, keys of ${KEY_BYTES} bytes put once in random order by ${WRITERS} writers, values of ${VALUE_BYTES} bytes,
${OPTIONS.levelCount} levels at most, otherwise default options. Reads one after another, after a restart.
The block cache of ${mebibytes(OPTIONS.blockCacheBytes)} has room for all blocks of 100,000 keys, and for a tenth of those of
1,000,000; "in cache" is the same data with a cache of ${mebibytes(LARGE_CACHE_BYTES)} that was filled before.`,
  `Written: bytes to all files for one byte put. In theory an entry is written once to the log, once
by the flush, and (k + 1) / 2 times in each level that takes k batches before it is full (Callaghan,
LSM math, 2018): ${SIZES.map((keys) => `${compactionWrites(keys, OPTIONS)}`).join(', ')} times by compactions. Compactions that come late take more at once, and write less.`,
];

interface Grown {
  readonly keys: number;
  readonly name: string;
  readonly store: Engine;
  readonly loadMs: number;
  /** SSTables in each level, L0 first; empty levels at the end are left out. */
  readonly levels: readonly number[];
  readonly writtenBytesPerByte: number;
  readonly reads: ReadRates[];
}

export async function benchGrowth({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  try {
    const grown: Grown[] = [];
    for (const keys of SIZES) {
      progress(`loading ${whole(keys)} keys`);
      grown.push(await grow(join(folder, String(keys)), keys));
    }
    const [largest] = grown.slice(-1);
    if (largest !== undefined)
      grown.push(await inCache(join(folder, String(largest.keys)), largest));
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      for (const {store, keys, reads} of grown) {
        reads.push(await measureReads(store, shuffled(keys, round)));
      }
    }
    for (const {store} of grown) await store.close();
    return [sizesTable(grown), ratiosTable(grown)];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function grow(folder: string, keys: number): Promise<Grown> {
  const fileSystem = await NodeFileSystem.open(folder);
  const written = countWrites(fileSystem);
  const loading = await Engine.open(fileSystem, OPTIONS);
  const started = performance.now();
  await load(loading, shuffled(keys, 1), 1);
  await loading.close();
  const loadMs = performance.now() - started;
  const writtenBytesPerByte = written.bytes / (keys * (KEY_BYTES + VALUE_BYTES));
  const levels: number[] = [];
  for (let level = 0; level < OPTIONS.levelCount; level++) {
    const names = await readdir(join(folder, `l${level}`));
    levels.push(names.filter((name) => name.endsWith('.sst')).length);
  }
  while (levels.at(-1) === 0) levels.pop();
  const store = await Engine.open(fileSystem, OPTIONS);
  return {keys, name: whole(keys), store, loadMs, levels, writtenBytesPerByte, reads: []};
}

/** The same data once more, all of it in memory. Two engines may read one folder, if none writes. */
async function inCache(folder: string, grown: Grown): Promise<Grown> {
  const options = {...OPTIONS, blockCacheBytes: LARGE_CACHE_BYTES};
  const store = await Engine.open(await NodeFileSystem.open(folder), options);
  let count = 0;
  for (const _ of store.scan(presentKey(0), presentKey(grown.keys))) count += 1;
  if (count !== grown.keys) throw new Error(`expected ${grown.keys} keys, the scan found ${count}`);
  return {...grown, name: `${grown.name} in cache`, store, reads: []};
}

function sizesTable(grown: readonly Grown[]): BenchTable {
  const rows = grown.map(({keys, name, loadMs, levels, writtenBytesPerByte, reads}) => [
    name,
    levels.join(' + '),
    whole((keys / loadMs) * 1_000),
    ...READS.map(({of}) => rounded(median(reads.map(of)))),
    writtenBytesPerByte.toFixed(1),
    theoreticalWriteAmplification(keys, OPTIONS).toFixed(1),
  ]);
  const columns = ['keys', 'SSTables of L0 + L1 …', 'puts/s'];
  columns.push(...READS.map(({name}) => `${name}, µs`), 'written', 'in theory');
  return {title: 'Week 8, growing', columns, rows, notes: NOTES};
}

/** Of the times, round by round, to those of the smallest size. */
function ratiosTable([smallest, ...larger]: readonly Grown[]): BenchTable {
  const rows = READS.map(({name, of, limit}) => {
    const ratios = larger.map(({reads}) => {
      return median(reads.map((read, round) => of(read) / of(smallest?.reads[round] ?? read)));
    });
    const cells = ratios.map((ratio) => ratio.toFixed(2));
    // What is kept in memory besides is for comparison.
    return [name, ...cells, verdict(limit, ratios.at(-2) ?? Number.NaN)];
  });
  const columns = ['times as long as with 10,000 keys'];
  columns.push(...larger.map(({name}) => name), 'limit');
  return {title: 'How reads slow down', columns, rows, notes: []};
}
