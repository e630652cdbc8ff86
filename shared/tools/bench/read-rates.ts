/** How many reads a second a store answers, one after another. */
import type {MaybePromise, Store} from '../../src/store.ts';
import {absentKey, presentKey} from './workload.ts';

export interface ReadRates {
  readonly hitsPerSecond: number;
  readonly missesPerSecond: number;
  /** Of SCANNED_KEYS keys each; undefined for a store that has no scans. */
  readonly scansPerSecond: number | undefined;
}

export const SCANNED_KEYS = 1_000;
/** A first stretch is not measured: caches fill, and code gets compiled. */
const WARM_UP_MS = 300;
const MEASURED_MS = 1_000;
/** The clock is looked at so often. */
const BATCH = 16;

/**
 * REQUIRES: the store has the keys of `presentKey` for all numbers of `order`, and no others.
 * @param order the numbers from 0 on, in the order in which their keys are asked for
 * @throws Error if an answer is wrong
 */
export async function measureReads(store: Store, order: readonly number[]): Promise<ReadRates> {
  // A key that comes from outside is a string of its own, not the one that was stored.
  const present = order.map(presentKey);
  const absent = order.map(absentKey);
  const isText = (answer: unknown) => typeof answer === 'string';
  const isAbsent = (answer: unknown) => answer === undefined;
  return {
    hitsPerSecond: await rate((turn) => store.get(at(present, turn)), isText),
    missesPerSecond: await rate((turn) => store.get(at(absent, turn)), isAbsent),
    scansPerSecond: store.scan === undefined ? undefined : await scanRate(store, order),
  };
}

function scanRate(store: Store, order: readonly number[]): Promise<number> {
  const starts = order.filter((start) => start + SCANNED_KEYS < order.length);
  const scan = (turn: number) => {
    const start = at(starts, turn);
    return countKeys(store.scan?.(presentKey(start), presentKey(start + SCANNED_KEYS)) ?? []);
  };
  return rate(scan, (count) => count === SCANNED_KEYS);
}

async function rate(
  ask: (turn: number) => MaybePromise<unknown>,
  isRight: (answer: unknown) => boolean,
): Promise<number> {
  let turn = 0;
  const askFor = async (durationMs: number): Promise<number> => {
    const [start, firstTurn] = [performance.now(), turn];
    for (;;) {
      for (const batchEnd = turn + BATCH; turn < batchEnd; turn++) {
        const asked = ask(turn);
        // Awaiting what is no promise would cost more than some of these stores.
        const answer = asked instanceof Promise ? await asked : asked;
        if (!isRight(answer)) throw new Error(`a wrong answer: ${String(answer)}`);
      }
      const elapsedMs = performance.now() - start;
      if (elapsedMs >= durationMs) return ((turn - firstTurn) / elapsedMs) * 1_000;
    }
  };
  await askFor(WARM_UP_MS);
  return askFor(MEASURED_MS);
}

function countKeys(scan: Iterable<string> | AsyncIterable<string>): MaybePromise<number> {
  if (!(Symbol.iterator in scan)) return countLater(scan);
  let count = 0;
  for (const _ of scan) count += 1;
  return count;
}

async function countLater(scan: AsyncIterable<string>): Promise<number> {
  let count = 0;
  for await (const _ of scan) count += 1;
  return count;
}

function at<T>(items: readonly T[], turn: number): T {
  return items[turn % items.length] as T;
}
