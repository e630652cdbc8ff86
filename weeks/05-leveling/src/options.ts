export interface EngineOptions {
  /** The memtable is flushed when it holds this many entries. @default 2000 */
  readonly memtableEntriesMax: number;
  /** L0 is compacted into L1 when it has this many SSTables. @default 5 */
  readonly l0TablesMax: number;
  /** At least 2. @default 2 */
  readonly levelCount: number;
  /** A level may have so many times as many SSTables as the one above it. @default 10 */
  readonly levelSizeRatio: number;
  /** Keys that the negative cache remembers as absent; 0 turns it off. @default 0 */
  readonly negativeCacheKeysMax: number;
  /** Whether records written to the WAL carry a checksum. @default false */
  readonly walChecksums: boolean;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  memtableEntriesMax: 2_000,
  l0TablesMax: 5,
  levelCount: 2,
  levelSizeRatio: 10,
  negativeCacheKeysMax: 0,
  walChecksums: false,
};
