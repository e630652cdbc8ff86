/**
 * Where week 8 spends its time, by sampling: reads and durable PUTs in process. The
 * time of a sample belongs to the file whose function ran.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {Session} from 'node:inspector/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {Engine} from '../../../weeks/08-concurrency/src/engine.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {BenchContext} from './bench.ts';
import {load} from './load.ts';
import {SCANNED_KEYS} from './read-rates.ts';
import {type BenchTable, whole} from './table.ts';
import {absentKey, presentKey, shuffled} from './workload.ts';

const KEYS = 100_000;
const SCANS = 200;
const SAMPLE_US = 100;

/** What the files of week 8, and those that they use, are about. */
const PARTS: Readonly<Record<string, string>> = {
  'engine.ts': 'the engine and its catalog',
  'catalog.ts': 'the engine and its catalog',
  'negative-cache.ts': 'the engine and its catalog',
  'memtable.ts': 'the memtable',
  'radix-trie.ts': 'the memtable',
  'group-commit.ts': 'the log',
  'wal.ts': 'the log',
  'levels.ts': 'finding the SSTable',
  'compare-keys.ts': 'finding the SSTable',
  'bloom-filter.ts': 'Bloom filters',
  'key-hash.ts': 'Bloom filters',
  'xxhash-wasm.js': 'Bloom filters',
  'table-cache.ts': 'finding the block',
  'sstable.ts': 'finding the block',
  'block-cache.ts': 'finding the block',
  'index.min.js': 'finding the block',
  'block.ts': 'in the block',
  'crc64.ts': 'checksums',
  'merge.ts': 'merging',
  'min-heap.ts': 'merging',
  'runs.ts': 'merging',
  'scan.ts': 'merging',
  'compaction.ts': 'merging',
  'take-turns.ts': 'merging',
  '(garbage collector)': 'garbage collection',
};
const REST = 'Node, the system, and the bench itself';
const ROWS = [...new Set(Object.values(PARTS)), REST];

/** Microseconds of one operation, by part. */
type Profile = ReadonlyMap<string, number>;

export async function benchProfile({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', {interval: SAMPLE_US});
  try {
    const order = shuffled(KEYS, 1);
    const [present, absent] = [order.map(presentKey), order.map(absentKey)];
    const scanned = order.filter((start) => start + SCANNED_KEYS < KEYS).slice(0, SCANS);
    const fileSystem = await NodeFileSystem.open(folder);
    let engine = await Engine.open(fileSystem);
    await load(engine, order, 0);
    const profileOf = async (name: string, count: number, run: (round: number) => unknown) => {
      progress(name);
      await session.post('Profiler.start');
      for (let round = 1; round <= rounds; round++) await run(round);
      const {profile} = await session.post('Profiler.stop');
      return {name, parts: partsOf(profile, rounds * count)};
    };
    const put = await profileOf('PUT', KEYS, (round) => load(engine, order, round));
    await engine.close();
    engine = await Engine.open(fileSystem);
    const reads = [
      await profileOf('GET, hit', KEYS, () => getAll(engine, present)),
      await profileOf('GET, miss', KEYS, () => getAll(engine, absent)),
      await profileOf(`SCAN of ${whole(SCANNED_KEYS)}`, SCANS, () => scanAll(engine, scanned)),
    ];
    await engine.close();
    return [tableOf([put, ...reads])];
  } finally {
    session.disconnect();
    await rm(folder, {recursive: true, force: true});
  }
}

function getAll(engine: Engine, keys: readonly string[]): void {
  for (const key of keys) engine.get(key);
}

function scanAll(engine: Engine, starts: readonly number[]): void {
  for (const start of starts) {
    for (const _ of engine.scan(presentKey(start), presentKey(start + SCANNED_KEYS)));
  }
}

/** The part of a V8 profile that is used here: a tree of calls, and which one ran at each sample. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {readonly functionName: string; readonly url: string};
  }[];
  readonly samples?: readonly number[] | undefined;
  /** Microseconds since the sample before. */
  readonly timeDeltas?: readonly number[] | undefined;
}

function partsOf({nodes, samples = [], timeDeltas = []}: CpuProfile, count: number): Profile {
  const names = new Map(
    nodes.map(({id, callFrame}) => [id, basename(callFrame.url) || callFrame.functionName]),
  );
  const parts = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    if (name === '(idle)') continue;
    const part = PARTS[name] ?? REST;
    parts.set(part, (parts.get(part) ?? 0) + (timeDeltas[index] ?? 0) / count);
  }
  return parts;
}

function tableOf(columns: readonly {readonly name: string; readonly parts: Profile}[]): BenchTable {
  const cell = (microseconds: number, total: number) =>
    microseconds < total / 200
      ? ''
      : `${microseconds.toFixed(2)} (${Math.round((100 * microseconds) / total)} %)`;
  const totals = columns.map(({parts}) => [...parts.values()].reduce((sum, us) => sum + us, 0));
  const rows = ROWS.map((part) => [
    part,
    ...columns.map(({parts}, index) => cell(parts.get(part) ?? 0, totals[index] ?? 0)),
  ]);
  return {
    title: 'Where week 8 spends its time, in microseconds',
    columns: ['', ...columns.map(({name}) => name)],
    rows: [...rows, ['all', ...totals.map((total) => total.toFixed(2))]],
    notes: [
      `In process, ${whole(KEYS)} keys; PUTs by 64 writers, with the flushes and compactions that they cause; reads
after a restart. By V8's sampling profiler, which makes everything slower, and counts a function
that was compiled into its caller as its caller.`,
    ],
  };
}
