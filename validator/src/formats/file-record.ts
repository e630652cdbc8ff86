/** What a file says of a key, and where in the file it says so. */
export interface FileRecord {
  /** Of its first byte, from the beginning of the file. */
  readonly offset: number;
  readonly sizeBytes: number;
  readonly key: string;
  /** Null: a tombstone, or the record of a delete. */
  readonly value: string | null;
}

/** Far above any file of the contract; more are not read, so that memory stays bounded. */
export const RECORDS_MAX = 200_000;
