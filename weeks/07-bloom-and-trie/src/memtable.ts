/** The newest value or tombstone of each key since the last flush, in a radix trie. */
import {RadixTrie} from './radix-trie.ts';
import type {Entry} from './sstable.ts';

/** Hashes are below this. Of a full memtable's, 3 % of them are some key's. */
const HASHES = 2 ** 16;

export class Memtable {
  #entries = new RadixTrie();
  /** A bit for each hash that a key has. Most lookups are for other keys, and end here. */
  #hashes = new Uint8Array(HASHES / 8);

  /** Entries, not writes: a key written twice counts once. */
  get size(): number {
    return this.#entries.size;
  }

  /** Null if the key was deleted; undefined if nothing is known of it here. */
  get(key: string): string | null | undefined {
    const hash = hashOf(key);
    const mayBeHere = ((this.#hashes[hash >> 3] ?? 0) & (1 << (hash & 7))) !== 0;
    return mayBeHere ? this.#entries.get(key) : undefined;
  }

  /** @param value null for a tombstone, which hides the values in SSTables */
  put(key: string, value: string | null): void {
    const hash = hashOf(key);
    this.#hashes[hash >> 3] = (this.#hashes[hash >> 3] ?? 0) | (1 << (hash & 7));
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

  clear(): void {
    this.#entries = new RadixTrie();
    this.#hashes = new Uint8Array(HASHES / 8);
  }
}

/** FNV-1a, folded to 16 bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 16) ^ (hash & (HASHES - 1));
}
