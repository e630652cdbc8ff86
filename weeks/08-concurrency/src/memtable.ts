/** The newest value or tombstone of each key in one stretch of writes, in a radix trie. */
import {RadixTrie} from './radix-trie.ts';
import type {Entry} from './sstable.ts';

export class Memtable {
  readonly #entries = new RadixTrie();

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
    this.#entries.put(key, value);
  }

  /** All entries by ascending key, as an SSTable wants them. */
  sorted(): Entry[] {
    return [...this.#entries.entries()];
  }

  /** Those from the key `start` on, by ascending key. */
  from(start: string): Generator<Entry> {
    return this.#entries.entries(start);
  }
}
