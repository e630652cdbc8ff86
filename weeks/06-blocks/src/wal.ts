/**
 * wal.db, the write-ahead log: every write since the last flush, oldest first,
 * one JSON object a line (NDJSON).
 *
 *   wal.db    {"op":"put","key":"apple","value":"7"}\n
 *             {"op":"put","key":"pear","value":"3"}\n
 *             {"op":"delete","key":"apple"}\n
 *
 * A write is acknowledged once its record is synced. At start the records are
 * applied to an empty memtable. The first invalid one marks where a crash fell:
 * it and all behind it were never acknowledged, and are cut off, for otherwise
 * the next record would be glued to the torn one.
 *
 * Simplification, and its cost: the log is emptied by a flush only, so keys that
 * are overwritten again and again, and never fill the memtable, let it grow.
 */
import {KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import {sealRecord, unsealRecord} from './record-checksum.ts';
import type {Entry} from './sstable.ts';

export const WAL = 'wal.db';
const NEWLINE = 0x0a;

export class Wal {
  readonly #file: File;
  readonly #hasChecksums: boolean;
  /** Why nothing more can be made durable with this file. */
  #failure: unknown;

  private constructor(file: File, hasChecksums: boolean) {
    this.#file = file;
    this.#hasChecksums = hasChecksums;
  }

  /**
   * Opens the log, or creates it, and gives the entry of each valid record to `apply`.
   * @param hasChecksums whether records written from now on carry a checksum
   */
  static async open(
    fileSystem: FileSystem,
    hasChecksums: boolean,
    apply: (entry: Entry) => void,
    onEvent: OnEvent,
  ): Promise<Wal> {
    const file = await fileSystem.open(WAL, 'append');
    try {
      const bytes = await file.read(0, file.size);
      const end = replay(bytes, apply);
      if (end < bytes.length) {
        const count = bytes.length - end;
        const reason = bytes.includes(NEWLINE, end) ? 'invalid record' : 'record without newline';
        onEvent({type: 'wal-truncated', file: WAL, offset: end, count, reason});
        await file.truncate(end);
      }
      // A killed process may have left records unsynced: they will be read from now on.
      await file.sync();
      await fileSystem.syncDir('');
      return new Wal(file, hasChecksums);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Once settled, the record is durable.
   * @throws the file operation's error; the record may then be durable or not
   */
  async append({key, value}: Entry): Promise<void> {
    this.#checkUsable();
    const sizeBefore = this.#file.size;
    const record = value === null ? {op: 'delete', key} : {op: 'put', key, value};
    const line = JSON.stringify(record);
    const bytes = new TextEncoder().encode(`${this.#hasChecksums ? sealRecord(line) : line}\n`);
    try {
      await this.#file.append(bytes);
    } catch (error) {
      await this.#cut(sizeBefore);
      throw error;
    }
    await this.#sync();
  }

  /** Empties the log. REQUIRES: all that it records is durable elsewhere. */
  async reset(): Promise<void> {
    this.#checkUsable();
    await this.#cut(0);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #cut(size: number): Promise<void> {
    try {
      await this.#file.truncate(size);
    } catch (error) {
      this.#failure = error;
      throw error;
    }
    await this.#sync();
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (error) {
      // The system may have dropped the unwritten pages, and a second sync would
      // report success all the same: this file is not to be trusted any more.
      this.#failure = error;
      throw error;
    }
  }

  #checkUsable(): void {
    if (this.#failure === undefined) return;
    throw new KvError('IO', `${WAL} failed earlier, no write is taken: restart the server`, {
      file: WAL,
      cause: this.#failure,
    });
  }
}

/** Applies the valid records; returns the offset in bytes behind the last of them. */
function replay(bytes: Uint8Array, apply: (entry: Entry) => void): number {
  const decoder = new TextDecoder();
  let start = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return start;
    const record = parseRecord(decoder.decode(bytes.subarray(start, end)));
    if (record === undefined) return start;
    apply(record);
    start = end + 1;
  }
}

function parseRecord(line: string): Entry | undefined {
  try {
    const record = JSON.parse(unsealRecord(line));
    const {op, key, value, ...others} = record;
    // A field that is not ours is damage, such as a checksum whose name lost a bit.
    if (Object.keys(others).length > 0) return undefined;
    if (op === 'put' && typeof key === 'string' && typeof value === 'string') return {key, value};
    if (op === 'delete' && typeof key === 'string') return {key, value: null};
  } catch {
    // Not JSON, or its checksum is wrong.
  }
  return undefined;
}
