export interface EngineOptions {
  /** The memtable is flushed when it holds this many entries; at most 1953. @default 1953 */
  readonly memtableEntriesMax: number;
  /** So many full memtables may wait for their flush; then writes wait too. @default 2 */
  readonly fullMemtablesMax: number;
  /** Whether writes that wait at the same time share one sync. @default true */
  readonly groupCommit: boolean;
  /** L0 is compacted every so many puts and deletes. @default 10000 */
  readonly compactionUpdates: number;
  /** It is compacted at start, too, if it has this many SSTables. @default 5 */
  readonly l0TablesMax: number;
  /** At least 2. @default 2 */
  readonly levelCount: number;
  /** A level may have so many times as many SSTables as the one above it. @default 10 */
  readonly levelSizeRatio: number;
  /** Bytes of data blocks that are kept in memory; 0 turns the cache off. @default 268435456 */
  readonly blockCacheBytes: number;
  /** Whether the next memtable and log are made before they are needed. @default false */
  readonly preparesNextLog: boolean;
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
  fullMemtablesMax: 2,
  groupCommit: true,
  compactionUpdates: 10_000,
  l0TablesMax: 5,
  levelCount: 2,
  levelSizeRatio: 10,
  blockCacheBytes: 256 * 1024 * 1024,
  preparesNextLog: false,
  variableFormat: false,
  blockedFilters: false,
  randomSeeds: false,
  negativeCacheKeysMax: 0,
  walChecksums: false,
};
