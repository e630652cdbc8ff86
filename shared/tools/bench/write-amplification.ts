/**
 * How often a byte should be written, for keys that are put once, in random order.
 *
 * A compaction merges all of a level into all of the one below. If a level takes k
 * batches before it is full, the first is written k times in it, the last once:
 * (k + 1) / 2 times on average. So an entry is written once to the log, once by
 * the flush, and (k + 1) / 2 times in each level that it passes.
 *
 * Source: M. Callaghan, LSM math: fixing mistakes in my last post, 2018, for
 * compactions of whole levels; Dayan and Idreos, Dostoevsky, 2018, equation 12,
 * has (k − 1) / 2, which does not count an entry's own move.
 */
import {tablesMax} from '../../../weeks/08-concurrency/src/level-sizes.ts';
import type {EngineOptions} from '../../../weeks/08-concurrency/src/options.ts';
import {KEY_BYTES, presentKey, VALUE_BYTES, valueOf} from './workload.ts';

const PAGE_BYTES = 4_096;
const PAGE_ENTRIES = 31;
const BLOOM_FILE_BYTES = 2_520;
/** With its part of a full SSTable's index page and Bloom filter. */
const TABLE_BYTES = (entries: number) =>
  PAGE_BYTES / PAGE_ENTRIES + (PAGE_BYTES + BLOOM_FILE_BYTES) / entries;

/** How often an entry is written by compactions, at most once for each batch that comes into its level. */
export function compactionWrites(keys: number, options: EngineOptions): number {
  let writes = 0;
  let batch = options.compactionUpdates;
  for (let level = 1; level < options.levelCount && batch <= keys; level++) {
    const entriesMax = tablesMax(level, options) * options.memtableEntriesMax;
    const batchesMax = Math.ceil(entriesMax / batch);
    writes += (Math.min(batchesMax, keys / batch) + 1) / 2;
    batch *= batchesMax;
  }
  return writes;
}

/** Bytes written to all files for one byte of the keys and values that were put. */
export function theoreticalWriteAmplification(keys: number, options: EngineOptions): number {
  const record = {op: 'put', key: presentKey(0), value: valueOf(0, 0)};
  const logBytes = JSON.stringify(record).length + 1;
  const tableBytes = TABLE_BYTES(options.memtableEntriesMax);
  const flushesAndCompactions = 1 + compactionWrites(keys, options);
  return (logBytes + tableBytes * flushesAndCompactions) / (KEY_BYTES + VALUE_BYTES);
}
