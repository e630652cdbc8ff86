export interface EngineOptions {
  /** The memtable is flushed when it holds this many entries; at most 1953. @default 1953 */
  readonly memtableEntriesMax: number;
  /** L0 is compacted into L1 when it has this many SSTables. @default 5 */
  readonly l0TablesMax: number;
  /** At least 2. @default 2 */
  readonly levelCount: number;
  /** A level may have so many times as many SSTables as the one above it. @default 10 */
  readonly levelSizeRatio: number;
  /** Bytes of data blocks that are kept in memory; 0 turns the cache off. @default 268435456 */
  readonly blockCacheBytes: number;
  /** Whether SSTables are written in the variable format. @default false */
  readonly variableFormat: boolean;
  /** Whether new Bloom filters have all bits of a key in one cache line. @default false */
  readonly blockedFilters: boolean;
  /** Whether each new Bloom filter hashes with seeds of its own. @default false */
  readonly randomSeeds: boolean;
  /** Keys that the negative cache remembers as absent; 0 turns it off. @default 0 */
  readonly negativeCacheKeysMax: number;
  /** Whether records written to the WAL carry a checksum. @default false */
  readonly walChecksums: boolean;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  memtableEntriesMax: 1_953,
  l0TablesMax: 5,
  levelCount: 2,
  levelSizeRatio: 10,
  blockCacheBytes: 256 * 1024 * 1024,
  variableFormat: false,
  blockedFilters: false,
  randomSeeds: false,
  negativeCacheKeysMax: 0,
  walChecksums: false,
};
