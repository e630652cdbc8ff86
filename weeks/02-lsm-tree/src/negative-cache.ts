/**
 * Optional: the keys last found absent, so that asking for them again reads no
 * SSTable. Least recently used keys go first. Without it, each miss costs one
 * read of every SSTable.
 *
 * Invariant: a key in here is absent. Whoever writes a key removes it from here.
 */
export class NegativeCache {
  readonly #keysMax: number;
  // A Set iterates in the order of insertion: the first key is the oldest.
  readonly #keys = new Set<string>();

  /** @param keysMax keys to remember; 0 remembers none */
  constructor(keysMax: number) {
    this.#keysMax = keysMax;
  }

  /** Whether `key` is known to be absent; if so, it becomes the most recent. */
  has(key: string): boolean {
    if (!this.#keys.delete(key)) return false;
    this.#keys.add(key);
    return true;
  }

  /** REQUIRES: `key` is absent from the store. */
  add(key: string): void {
    if (this.#keysMax === 0) return;
    this.#keys.delete(key);
    this.#keys.add(key);
    for (const oldest of this.#keys) {
      if (this.#keys.size <= this.#keysMax) return;
      this.#keys.delete(oldest);
    }
  }

  remove(key: string): void {
    this.#keys.delete(key);
  }
}
