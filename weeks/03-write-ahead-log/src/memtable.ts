/** The newest value of each key written since the last flush, in a hash table. */
import type {Entry} from './sstable.ts';

export class Memtable {
  readonly #entries = new Map<string, string>();

  /** Entries, not writes: a key written twice counts once. */
  get size(): number {
    return this.#entries.size;
  }

  get(key: string): string | undefined {
    return this.#entries.get(key);
  }

  put(key: string, value: string): void {
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
