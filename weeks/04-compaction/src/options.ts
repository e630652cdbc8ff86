export interface EngineOptions {
  /** The memtable is flushed when it holds this many entries. @default 2000 */
  readonly memtableEntriesMax: number;
  /** All SSTables are compacted every so many puts and deletes. @default 10000 */
  readonly compactionUpdates: number;
  /** Keys that the negative cache remembers as absent; 0 turns it off. @default 0 */
  readonly negativeCacheKeysMax: number;
  /** Whether records written to the WAL carry a checksum. @default false */
  readonly walChecksums: boolean;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  memtableEntriesMax: 2_000,
  compactionUpdates: 10_000,
  negativeCacheKeysMax: 0,
  walChecksums: false,
};
