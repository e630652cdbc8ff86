/** What a file says of a key, and where in the file it says so. */
export interface FileRecord {
  /** Of its first byte, from the beginning of the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly key: string;
  /** Null: a tombstone, or the record of a delete. */
  readonly value: string | null;
}

/**
 * Of one SSTable; more are not read, so that memory stays bounded. Far above any of the
 * contract. A log has no such limit: writes of one key again and again do not fill a memtable.
 */
export const RECORDS_MAX = 200_000;
