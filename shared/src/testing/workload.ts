import {SeededRandom} from '../seeded-random.ts';
import type {Value} from './oracle.ts';

/** A put, or with undefined as its value a delete. */
export interface Command {
  readonly key: string;
  readonly value: Value;
}

export interface WorkloadShape {
  readonly seed: number;
  /** The writes of a batch are under way at once; each batch waits for the one before. */
  readonly batches: number;
  readonly deletes: boolean;
}

/** Few, so that they are overwritten often; one is a prefix of another. */
export const WORKLOAD_KEYS = ['a', 'b', 'ba', 'c', 'd', 'e', 'f', 'g'];
const BATCH_WRITES_MAX = 3;
const PADDING_BYTES_MAX = 30;

/** Writes that repeat with their seed. No value occurs twice, and the keys of a batch differ. */
export function makeWorkload({seed, batches, deletes}: WorkloadShape): Command[][] {
  const random = new SeededRandom(seed);
  let valueCount = 0;
  return Array.from({length: batches}, () => {
    const keys = new Set<string>();
    const size = 1 + random.below(BATCH_WRITES_MAX);
    while (keys.size < size) keys.add(random.pick(WORKLOAD_KEYS));
    return [...keys].map((key) => {
      if (deletes && random.below(4) === 0) return {key, value: undefined};
      valueCount += 1;
      return {key, value: `v${valueCount}${' '.repeat(random.below(PADDING_BYTES_MAX))}.`};
    });
  });
}
