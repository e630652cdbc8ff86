/**
 * Week 3 in process, one writer: each PUT waits for its own sync. The peer makes
 * the same calls, append and sync, with the same bytes and nothing around them.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Engine} from '../../../weeks/03-write-ahead-log/src/engine.ts';
import type {FileSystem} from '../../src/file-system.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {Store} from '../../src/store.ts';
import type {BenchContext} from './bench.ts';
import {compare} from './measure.ts';
import {type BenchTable, comparisonTable} from './table.ts';
import {presentKey, valueOf} from './workload.ts';

const PUTS = 4_000;

async function putAll(store: Store, round: number): Promise<number> {
  for (let i = 0; i < PUTS; i++) await store.put(presentKey(i), valueOf(round, i));
  return PUTS;
}

async function appendAll(fileSystem: FileSystem, round: number): Promise<number> {
  const encoder = new TextEncoder();
  const file = await fileSystem.open('bare.db', 'append');
  for (let i = 0; i < PUTS; i++) {
    const record = {op: 'put', key: presentKey(i), value: valueOf(round, i)};
    await file.append(encoder.encode(`${JSON.stringify(record)}\n`));
    await file.sync();
  }
  await file.close();
  return PUTS;
}

/** Flushes are part of what is measured. */
export async function benchDurablePuts({rounds}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  try {
    const store = await Engine.open(await NodeFileSystem.open(join(folder, 'engine')));
    const bare = await NodeFileSystem.open(join(folder, 'bare'));
    const comparison = await compare(
      'durable PUTs / append + fdatasync',
      {name: 'week 3', run: (round) => putAll(store, round)},
      {name: 'append + fdatasync', run: (round) => appendAll(bare, round)},
      rounds,
      {atLeast: 0.8},
    );
    return [comparisonTable('Week 3 in process, one writer', [comparison])];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
