export interface EngineOptions {
  /** The memtable is flushed when it holds this many entries. @default 2000 */
  readonly memtableEntriesMax: number;
  /** Keys that the negative cache remembers as absent; 0 turns it off. @default 0 */
  readonly negativeCacheKeysMax: number;
}

export const DEFAULT_OPTIONS: EngineOptions = {
  memtableEntriesMax: 2_000,
  negativeCacheKeysMax: 0,
};
