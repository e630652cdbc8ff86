/**
 * Reads of week 8 in process, beside LevelDB: the same entries, loaded in the same
 * random order, all answers checked. Block caches are the defaults of both: 8 MB of
 * LevelDB take its 8 MB of entries, and ours takes the 13 MB that they are when padded.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {ClassicLevel} from 'classic-level';
import {Engine} from '../../../weeks/08-concurrency/src/engine.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {BenchContext} from './bench.ts';
import {type Comparison, compare, type Limit, type Side} from './measure.ts';
import {type BenchTable, comparisonTable, whole} from './table.ts';
import {absentKey, presentKey, shuffled, valueOf} from './workload.ts';

const KEYS = 100_000;
const SCANS = 200;
const SCANNED_KEYS = 1_000;
/** Writes that wait for the disk at once. */
const BATCH = 1_000;

type Get = (key: string) => string | undefined | Promise<string | undefined>;
type Scan = (start: string, end: string) => Promise<readonly string[]>;

export async function benchEngineReads({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  const engine = await Engine.open(await NodeFileSystem.open(join(folder, 'engine')));
  const level = new ClassicLevel(join(folder, 'level'));
  try {
    progress('loading');
    const order = shuffled(KEYS, 1);
    await load(engine, level, order);
    const versus = async (name: string, limit: Limit, sides: readonly [Side, Side]) => {
      progress(name);
      return await compare(name, ...sides, rounds, limit);
    };
    const all: Scan = async (gte, lt) => await level.keys({gte, lt}).all();
    const nextv: Scan = async (gte, lt) => await firstKeys(level, gte, lt);
    const ours: Scan = async (start, end) => Array.from(engine.scan(start, end));
    const comparisons: Comparison[] = [
      await versus('GET, hit / getSync', {atLeast: 1.2}, [
        hits('week 8', (key) => engine.get(key), order),
        hits('LevelDB', (key) => level.getSync(key), order),
      ]),
      await versus('GET, miss / getSync', {atLeast: 2}, [
        misses('week 8', (key) => engine.get(key), order),
        misses('LevelDB', (key) => level.getSync(key), order),
      ]),
      await versus(`SCAN of ${whole(SCANNED_KEYS)} / .all()`, {atLeast: 4}, [
        scans('week 8', ours, order),
        scans('LevelDB', all, order),
      ]),
      await versus(`SCAN of ${whole(SCANNED_KEYS)} / nextv()`, {atLeast: 1}, [
        scans('week 8', ours, order),
        scans('LevelDB', nextv, order),
      ]),
    ];
    const notes = [`${whole(KEYS)} keys of 16 bytes, values of 64 bytes, in random order.`];
    return [comparisonTable('Reads in process', comparisons, notes)];
  } finally {
    await engine.close();
    await level.close();
    await rm(folder, {recursive: true, force: true});
  }
}

async function load(engine: Engine, level: ClassicLevel, order: readonly number[]): Promise<void> {
  await level.open();
  for (let start = 0; start < order.length; start += BATCH) {
    const entries = order
      .slice(start, start + BATCH)
      .map((number) => ({key: presentKey(number), value: valueOf(0, number)}));
    await Promise.all(entries.map(({key, value}) => engine.put(key, value)));
    await level.batch(entries.map((entry) => ({type: 'put', ...entry})));
  }
}

async function firstKeys(level: ClassicLevel, gte: string, lt: string): Promise<string[]> {
  const iterator = level.keys({gte, lt});
  try {
    return await iterator.nextv(SCANNED_KEYS);
  } finally {
    await iterator.close();
  }
}

function hits(name: string, get: Get, order: readonly number[]): Side {
  return gets(name, get, order, presentKey, (number) => valueOf(0, number));
}

function misses(name: string, get: Get, order: readonly number[]): Side {
  return gets(name, get, order, absentKey, () => undefined);
}

function gets(
  name: string,
  get: Get,
  order: readonly number[],
  keyOf: (number: number) => string,
  expected: (number: number) => string | undefined,
): Side {
  const keys = order.map(keyOf);
  const values = order.map(expected);
  return {
    name,
    async run() {
      for (const [index, key] of keys.entries()) {
        const answer = get(key);
        // A promise is waited for only where there is one.
        const value = answer instanceof Promise ? await answer : answer;
        if (value !== values[index]) throw new Error(`${name}: a wrong answer for ${key}`);
      }
      return keys.length;
    },
  };
}

function scans(name: string, scan: Scan, order: readonly number[]): Side {
  const starts = order.filter((number) => number + SCANNED_KEYS < KEYS).slice(0, SCANS);
  return {
    name,
    async run() {
      for (const start of starts) {
        const keys = await scan(presentKey(start), presentKey(start + SCANNED_KEYS));
        const isRight =
          keys.length === SCANNED_KEYS && keys.at(-1) === presentKey(start + SCANNED_KEYS - 1);
        if (!isRight) throw new Error(`${name}: a wrong scan from ${presentKey(start)}`);
      }
      return starts.length;
    },
  };
}
