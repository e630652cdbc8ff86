/**
 * Reads of week 8 in process, beside LevelDB: the same entries, put in the same
 * random order, first as they are after that, then after a restart of both. Fresh
 * from the load, LevelDB has a part of them in its memtable, which it asks first.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ClassicLevel} from 'classic-level';
import {Engine} from '../../../weeks/08-concurrency/src/engine.ts';
import {DEFAULT_OPTIONS} from '../../../weeks/08-concurrency/src/options.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {BenchContext} from './bench.ts';
import {load} from './load.ts';
import {type Comparison, compare, type Limit} from './measure.ts';
import {SCANNED_KEYS} from './read-rates.ts';
import {type BenchTable, comparisonTable, mebibytes, whole} from './table.ts';
import {absentKey, KEY_BYTES, presentKey, shuffled, VALUE_BYTES, valueOf} from './workload.ts';

const KEYS = 100_000;
const SCANS = 200;
const SALT = 1;
/** Without an event for so long, nothing runs in the background. */
const QUIET_MS = 5_000;
const LEVEL_BATCH = 1_000;
/** Those of classic-level. */
const LEVEL_CACHE_BYTES = 8 * 1024 * 1024;

const NOTES = [
  `${whole(KEYS)} keys of ${KEY_BYTES} bytes, values of ${VALUE_BYTES} bytes, default options. Block caches hold all data:
${mebibytes(DEFAULT_OPTIONS.blockCacheBytes)} here, where an entry takes 128 bytes, ${mebibytes(LEVEL_CACHE_BYTES)} in LevelDB. Scans are of ${whole(SCANNED_KEYS)} keys.`,
];

export async function benchEngineReads(context: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  try {
    const order = shuffled(KEYS, SALT);
    const fileSystem = await NodeFileSystem.open(join(folder, 'engine'));
    let lastEventMs = 0;
    let engine = await Engine.open(fileSystem, {}, () => {
      lastEventMs = performance.now();
    });
    let level = new ClassicLevel(join(folder, 'level'));
    context.progress(`loading ${whole(KEYS)} keys`);
    await load(engine, order, SALT);
    await loadLevel(level, order);
    // How many compactions there are depends on how they overlap with the load.
    await until(() => performance.now() - lastEventMs > QUIET_MS);
    const loaded = await compareReads(engine, level, order, context);
    await engine.close();
    await level.close();
    engine = await Engine.open(fileSystem);
    level = new ClassicLevel(join(folder, 'level'));
    await level.open();
    const restarted = await compareReads(engine, level, order, context);
    await engine.close();
    await level.close();
    return [
      comparisonTable('Week 8 / LevelDB, in process, after the load', loaded, NOTES),
      comparisonTable('The same after a restart', restarted),
    ];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function loadLevel(level: ClassicLevel, order: readonly number[]): Promise<void> {
  for (let start = 0; start < order.length; start += LEVEL_BATCH) {
    const part = order.slice(start, start + LEVEL_BATCH);
    await level.batch(
      part.map((number) => ({
        type: 'put',
        key: presentKey(number),
        value: valueOf(SALT, number),
      })),
    );
  }
}

async function compareReads(
  engine: Engine,
  level: ClassicLevel,
  order: readonly number[],
  {rounds, progress}: BenchContext,
): Promise<Comparison[]> {
  const present = order.map((number) => ({key: presentKey(number), value: valueOf(SALT, number)}));
  const absent = order.map((number) => ({key: absentKey(number), value: undefined}));
  const starts = order.filter((start) => start + SCANNED_KEYS < KEYS).slice(0, SCANS);
  const side = (name: string, run: () => number | Promise<number>) => ({
    name,
    run: async () => run(),
  });
  const gets = async (name: string, limit: Limit, asked: typeof present | typeof absent) => {
    progress(name);
    const ours = side('week 8', () => getAll(asked, (key) => engine.get(key)));
    const peer = side('LevelDB', () => getAll(asked, (key) => level.getSync(key)));
    return compare(name, ours, peer, rounds, limit);
  };
  const scans = async (name: string, limit: Limit, scanPeer: Scan) => {
    progress(name);
    const ours = side('week 8', () => scanAll(starts, (...range) => [...engine.scan(...range)]));
    const peer = side('LevelDB', () => scanAll(starts, scanPeer));
    return compare(name, ours, peer, rounds, limit);
  };
  return [
    await gets('GET, hit / getSync', {atLeast: 1.2}, present),
    await gets('GET, miss / getSync', {atLeast: 2}, absent),
    await scans('SCAN / keys().all()', {atLeast: 4}, (gte, lt) => level.keys({gte, lt}).all()),
    await scans('SCAN / keys().nextv()', {atLeast: 1}, async (gte, lt) => {
      const iterator = level.keys({gte, lt});
      const keys = await iterator.nextv(SCANNED_KEYS);
      await iterator.close();
      return keys;
    }),
  ];
}

/** @throws Error if an answer is wrong */
function getAll(
  asked: readonly {readonly key: string; readonly value: string | undefined}[],
  get: (key: string) => string | undefined,
): number {
  for (const {key, value} of asked) {
    const answer = get(key);
    if (answer !== value) throw new Error(`a wrong answer for ${key}: ${answer}`);
  }
  return asked.length;
}

type Scan = (start: string, end: string) => readonly string[] | Promise<readonly string[]>;

/** @throws Error if an answer is wrong */
async function scanAll(starts: readonly number[], scan: Scan): Promise<number> {
  for (const start of starts) {
    const last = start + SCANNED_KEYS;
    const scanned = scan(presentKey(start), presentKey(last));
    const keys = scanned instanceof Promise ? await scanned : scanned;
    const isRight = keys[0] === presentKey(start) && keys.at(-1) === presentKey(last - 1);
    if (keys.length !== SCANNED_KEYS || !isRight) throw new Error(`a wrong scan from ${start}`);
  }
  return starts.length;
}

/** Waits for background work, a minute at most. */
async function until(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('the compactions of the load did not end');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
