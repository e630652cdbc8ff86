import type {Store} from '../../src/store.ts';
import {presentKey, valueOf} from './workload.ts';

/** So many writes are under way at once, as from so many connections. */
export const WRITERS = 64;

/**
 * Puts the keys of these numbers, in their order.
 * @param salt makes the values differ from those of another load
 */
export async function load(store: Store, order: readonly number[], salt: number): Promise<void> {
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < order.length) {
      const number = order[next++] ?? 0;
      const put = store.put(presentKey(number), valueOf(salt, number));
      if (put instanceof Promise) await put;
    }
  };
  await Promise.all(Array.from({length: WRITERS}, write));
}
