/**
 * Where flushes and compactions fall in a server that keeps to the contract's
 * thresholds: for the life of a key on a failure card, and for checks that
 * crash a server just then. Nothing that a server must answer depends on it.
 */
export interface Thresholds {
  /** Entries at which a memtable is flushed; infinite if there are no flushes. */
  readonly memtableEntriesMax: number;
  /** A compaction comes every so many PUTs and DELETEs since the start. @default never */
  readonly compactionUpdates?: number | undefined;
  /** SSTables in L0 that cause a compaction. @default never */
  readonly l0TablesMax?: number | undefined;
}

export class Settling {
  readonly #thresholds: Thresholds;
  readonly #memtableKeys = new Set<string>();
  #l0Tables = 0;
  #updates = 0;

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  /** Whether `key` was written since the last flush. */
  isInMemtable(key: string): boolean {
    return this.#memtableKeys.has(key);
  }

  /** Writes, of keys that are not in the memtable, up to the next flush. */
  get untilFlush(): number {
    return this.#thresholds.memtableEntriesMax - this.#memtableKeys.size;
  }

  /** Such writes up to the next compaction; infinite if there are none. */
  get untilCompaction(): number {
    const {memtableEntriesMax, compactionUpdates, l0TablesMax} = this.#thresholds;
    if (compactionUpdates !== undefined) return compactionUpdates - this.#updates;
    if (l0TablesMax === undefined) return Number.POSITIVE_INFINITY;
    return (l0TablesMax - this.#l0Tables - 1) * memtableEntriesMax + this.untilFlush;
  }

  /** @returns what the write led to, in words: nothing, a flush, a compaction, or both */
  write(key: string): string[] {
    const {memtableEntriesMax, compactionUpdates, l0TablesMax} = this.#thresholds;
    const events: string[] = [];
    this.#updates += 1;
    this.#memtableKeys.add(key);
    if (this.#memtableKeys.size >= memtableEntriesMax) {
      this.#memtableKeys.clear();
      this.#l0Tables += 1;
      events.push(`memtable full (${memtableEntriesMax} entries): flush`);
    }
    if (this.#updates === compactionUpdates) {
      this.#updates = 0;
      events.push(`${compactionUpdates} updates since the start: compaction`);
    }
    if (this.#l0Tables === l0TablesMax) {
      this.#l0Tables = 0;
      events.push(`${l0TablesMax} SSTables in L0: compaction`);
    }
    return events;
  }

  /** @param keepsMemtable whether the next start finds what was not flushed */
  stopped(keepsMemtable: boolean): void {
    this.#updates = 0;
    if (!keepsMemtable) this.#memtableKeys.clear();
  }
}
