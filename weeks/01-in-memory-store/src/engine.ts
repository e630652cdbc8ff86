/**
 * A key-value store in a hash table.
 *
 * Simplifications, and what they cost: everything is in memory, so a stop of
 * any kind loses all data, and the data can be no larger than the memory.
 *
 * Invariants:
 * 1. `get` answers the value of the last settled `put` of that key.
 * 2. A key that was never put is absent.
 */
import {KvError} from '@kv-workshop/shared/errors';
import type {Store} from '@kv-workshop/shared/store';

export class Engine implements Store {
  readonly valueLimits = {bytesMin: 0, bytesMax: 64 * 1024};
  // A Map, not an object: in an object, keys such as "constructor" are never absent.
  readonly #entries = new Map<string, string>();
  #isClosed = false;

  /** REQUIRES: `key` passes checkKey. */
  get(key: string): string | undefined {
    this.#checkOpen();
    return this.#entries.get(key);
  }

  /** REQUIRES: `key` passes checkKey, `value` passes checkValue. */
  put(key: string, value: string): void {
    this.#checkOpen();
    this.#entries.set(key, value);
  }

  close(): void {
    this.#isClosed = true;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new KvError('CLOSED', 'the store is closed');
  }
}
