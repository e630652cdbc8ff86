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
The block cache of ${mebibytes(OPTIONS.blockCacheBytes)} has room for all blocks of 1,000,000 keys; each is read once before.`,
  `Written: bytes to all files for one byte put. In theory an entry is written once to the log, once
by the flush, and (k + 1) / 2 times in each level that takes k batches before it is full (Callaghan,
LSM math, 2018): ${SIZES.map((keys) => `${compactionWrites(keys, OPTIONS)}`).join(', ')} times by compactions. Compactions that come late take more at once, and write less.`,
];

interface Grown {
  readonly keys: number;
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
  readAll(store, keys);
  return {keys, store, loadMs, levels, writtenBytesPerByte, reads: []};
}

/** So that what is measured is the size, and not how much of it was read before. */
function readAll(store: Engine, keys: number): void {
  let count = 0;
  for (const _ of store.scan(presentKey(0), presentKey(keys))) count += 1;
  if (count !== keys) throw new Error(`expected ${keys} keys, the scan found ${count}`);
}

function sizesTable(grown: readonly Grown[]): BenchTable {
  const rows = grown.map(({keys, loadMs, levels, writtenBytesPerByte, reads}) => [
    whole(keys),
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
    return [name, ...cells, verdict(limit, ratios.at(-1) ?? Number.NaN)];
  });
  const columns = ['times as long as with 10,000 keys'];
  columns.push(...larger.map(({keys}) => whole(keys)), 'limit');
  return {title: 'How reads slow down', columns, rows, notes: []};
}
