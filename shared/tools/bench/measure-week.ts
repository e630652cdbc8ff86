/**
 * One week on the workload of `pnpm bench weeks`, in a process of its own: what
 * one engine has compiled and left in memory must not show in the next one's
 * figures. Arguments: the week's folder, keys, round. Prints its figures as JSON.
 */
import {mkdtemp, readdir, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {FileSystem} from '../../src/file-system.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {Store} from '../../src/store.ts';
import {countWrites} from './count-writes.ts';
import {load} from './load.ts';
import {median} from './measure.ts';
import {measureReads, type ReadRates} from './read-rates.ts';
import {KEY_BYTES, presentKey, shuffled, VALUE_BYTES, valueOf} from './workload.ts';

export interface WeekFigures extends ReadRates {
  readonly putsPerSecond: number;
  /** These three are undefined for a week that keeps nothing. */
  readonly restartMs: number | undefined;
  /** Of all files, for one byte of live keys and values. */
  readonly diskBytesPerByte: number | undefined;
  /** To all files, for one byte of the keys and values that were put. */
  readonly writtenBytesPerByte: number | undefined;
}

/** The engine of week 1 has no files, and is made by `new`. */
type EngineClass = {open(fileSystem: FileSystem): Promise<Store>} | (new () => Store);

/** Every key is put so often. */
const LOADS = 2;
const RESTARTS = 5;
const VERIFIED_KEYS = 1_000;

const [folder = '', keysText, roundText] = process.argv.slice(2);
const {Engine} = (await import(join(folder, 'src/engine.ts'))) as {Engine: EngineClass};
const figures = await measureWeek(Engine, Number(keysText), Number(roundText));
process.stdout.write(JSON.stringify(figures));

async function measureWeek(engine: EngineClass, keys: number, round: number): Promise<WeekFigures> {
  if (!('open' in engine)) return measureWithoutFiles(new engine(), keys, round);
  const dataDir = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  try {
    const fileSystem = await NodeFileSystem.open(dataDir);
    const written = countWrites(fileSystem);
    const loading = await engine.open(fileSystem);
    const started = performance.now();
    await loadAll(loading, keys, round);
    // Work in the background is part of the price.
    await loading.close();
    const putsPerSecond = perSecond(LOADS * keys, started);
    const pairBytes = KEY_BYTES + VALUE_BYTES;
    const writtenBytesPerByte = written.bytes / (LOADS * keys * pairBytes);
    const diskBytesPerByte = (await filesBytes(dataDir)) / (keys * pairBytes);
    const restartMs = await measureRestart(() => engine.open(fileSystem));
    const store = await engine.open(fileSystem);
    await verify(store, keys, round);
    const reads = await measureReads(store, shuffled(keys, round));
    await store.close();
    return {putsPerSecond, ...reads, restartMs, diskBytesPerByte, writtenBytesPerByte};
  } finally {
    await rm(dataDir, {recursive: true, force: true});
  }
}

async function measureWithoutFiles(
  store: Store,
  keys: number,
  round: number,
): Promise<WeekFigures> {
  const started = performance.now();
  await loadAll(store, keys, round);
  const putsPerSecond = perSecond(LOADS * keys, started);
  await verify(store, keys, round);
  const reads = await measureReads(store, shuffled(keys, round));
  const noFiles = {
    restartMs: undefined,
    diskBytesPerByte: undefined,
    writtenBytesPerByte: undefined,
  };
  return {putsPerSecond, ...reads, ...noFiles};
}

async function loadAll(store: Store, keys: number, round: number): Promise<void> {
  for (let turn = 0; turn < LOADS; turn++) {
    await load(store, shuffled(keys, LOADS * round + turn), LOADS * round + turn);
  }
}

/** From the call of `open` to the first answer. */
async function measureRestart(open: () => Promise<Store>): Promise<number> {
  const times: number[] = [];
  for (let restart = 0; restart < RESTARTS; restart++) {
    const started = performance.now();
    const store = await open();
    await store.get(presentKey(restart));
    times.push(performance.now() - started);
    await store.close();
  }
  return median(times);
}

/** @throws Error if a value is not the one that was put last: then no figure means anything */
async function verify(store: Store, keys: number, round: number): Promise<void> {
  for (const number of shuffled(keys, round).slice(0, VERIFIED_KEYS)) {
    const expected = valueOf(LOADS * round + LOADS - 1, number);
    const got = await store.get(presentKey(number));
    if (got !== expected)
      throw new Error(`${presentKey(number)}: expected ${expected}, got ${got}`);
  }
}

async function filesBytes(folderPath: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folderPath, {recursive: true})) {
    const stats = await stat(join(folderPath, name));
    if (stats.isFile()) bytes += stats.size;
  }
  return bytes;
}

function perSecond(count: number, startedMs: number): number {
  return (count / (performance.now() - startedMs)) * 1_000;
}
