/** The newest value or tombstone of each key since the last flush, in a hash table. */
import type {Entry} from './sstable.ts';

export class Memtable {
  readonly #entries = new Map<string, string | null>();

  /** Entries, not writes: a key written twice counts once. */
  get size(): number {
    return this.#entries.size;
  }

  /** Null if the key was deleted; undefined if nothing is known of it here. */
  get(key: string): string | null | undefined {
    return this.#entries.get(key);
  }

  /** @param value null for a tombstone, which hides the values in SSTables */
  put(key: string, value: string | null): void {
    this.#entries.set(key, value);
  }

  /** All entries by ascending key, as an SSTable wants them. */
  sorted(): Entry[] {
    const entries = Array.from(this.#entries, ([key, value]) => ({key, value}));
    return entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  clear(): void {
    this.#entries.clear();
  }
}
