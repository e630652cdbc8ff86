/**
 * Week 3 in process, one writer: each PUT waits for its own sync. The peer makes
 * the same calls, append and sync, with the same bytes and nothing around them.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {FileSystem} from '../../src/file-system.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {Store} from '../../src/store.ts';
import {type Comparison, compare} from './measure.ts';

const PUTS = 4_000;

/** Differs from round to round: an unchanged value could be skipped by a clever store. */
function value(round: number, i: number): string {
  return `${round}-${i}-`.padEnd(64, 'x');
}

function key(i: number): string {
  return `key_${i}`.padEnd(16, '_');
}

async function putAll(store: Store, round: number): Promise<number> {
  for (let i = 0; i < PUTS; i++) await store.put(key(i), value(round, i));
  return PUTS;
}

async function appendAll(fileSystem: FileSystem, round: number): Promise<number> {
  const encoder = new TextEncoder();
  const file = await fileSystem.open('bare.db', 'append');
  for (let i = 0; i < PUTS; i++) {
    const record = {op: 'put', key: key(i), value: value(round, i)};
    await file.append(encoder.encode(`${JSON.stringify(record)}\n`));
    await file.sync();
  }
  await file.close();
  return PUTS;
}

/** @param open the engine of week 3; flushes are part of what is measured */
export async function benchDurablePuts(
  open: (fileSystem: FileSystem) => Promise<Store>,
  rounds: number,
): Promise<Comparison> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  try {
    const store = await open(await NodeFileSystem.open(join(folder, 'engine')));
    const bare = await NodeFileSystem.open(join(folder, 'bare'));
    return await compare(
      'week 3, durable PUTs, one writer / append + fdatasync',
      {name: 'week 3', run: (round) => putAll(store, round)},
      {name: 'append + fdatasync', run: (round) => appendAll(bare, round)},
      rounds,
    );
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
