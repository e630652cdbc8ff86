/**
 * wal-<n>.db, the write-ahead log: every write to one memtable, oldest first, one
 * JSON object a line (NDJSON). Each memtable has a log of its own, and the log
 * goes when an SSTable has its entries.
 *
 *   wal-1.db  {"op":"put","key":"apple","value":"7"}\n
 *             {"op":"put","key":"pear","value":"3"}\n
 *             {"op":"delete","key":"apple"}\n
 *
 * A write is acknowledged once its record is synced. At start the records are
 * applied to an empty memtable. The first invalid one marks where a crash fell:
 * it and all behind it were never acknowledged, and are cut off, for otherwise
 * the next record would be glued to the torn one.
 *
 * Simplification, and its cost: the log ends with its memtable, so keys that
 * are overwritten again and again, and never fill the memtable, let it grow.
 */
import {corruption, KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import {sealRecord, unsealRecord} from './record-checksum.ts';
import type {Entry} from './sstable.ts';

const PATH = /^wal-([1-9][0-9]*)\.db$/;
const NEWLINE = 0x0a;

/** The number in a log's path, or undefined if `path` is not one. */
export function walNumber(path: string): number | undefined {
  const digits = PATH.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function walPath(number: number): string {
  return `wal-${number}.db`;
}

export class Wal {
  readonly path: string;
  readonly number: number;
  /** Whether nothing had been written to it when it was opened. */
  readonly wasEmpty: boolean;
  readonly #file: File;
  readonly #hasChecksums: boolean;
  /** Why nothing more can be made durable with this file. */
  #failure: unknown;

  private constructor(number: number, file: File, hasChecksums: boolean, wasEmpty: boolean) {
    this.path = walPath(number);
    this.number = number;
    this.wasEmpty = wasEmpty;
    this.#file = file;
    this.#hasChecksums = hasChecksums;
  }

  /**
   * Opens the log, or creates it, and gives the entry of each valid record to `apply`.
   * @param hasChecksums whether records written from now on carry a checksum
   * @param mayBeTorn whether a crash can have cut its last record short
   * @throws KvError CORRUPTION if a record is invalid all the same
   */
  static async open(
    fileSystem: FileSystem,
    number: number,
    hasChecksums: boolean,
    apply: (entry: Entry) => void,
    onEvent: OnEvent,
    mayBeTorn: boolean,
  ): Promise<Wal> {
    const path = walPath(number);
    const file = await fileSystem.open(path, 'append');
    try {
      const bytes = await file.read(0, file.size);
      const end = replay(bytes, apply);
      if (end < bytes.length) {
        const count = bytes.length - end;
        const reason = bytes.includes(NEWLINE, end) ? 'invalid record' : 'record without newline';
        if (!mayBeTorn) throw corruption(path, end, `${reason}, and a later log has records`);
        onEvent({type: 'wal-truncated', file: path, offset: end, count, reason});
        await file.truncate(end);
      }
      // A killed process may have left records unsynced: they will be read from now on.
      await file.sync();
      await fileSystem.syncDir('');
      return new Wal(number, file, hasChecksums, bytes.length === 0);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Once settled, the records are durable.
   * @throws the file operation's error; each record may then be durable or not
   */
  async append(entries: readonly Entry[]): Promise<void> {
    this.#checkUsable();
    const sizeBefore = this.#file.size;
    const lines = entries.map(({key, value}) => {
      const line = JSON.stringify(value === null ? {op: 'delete', key} : {op: 'put', key, value});
      return `${this.#hasChecksums ? sealRecord(line) : line}\n`;
    });
    const bytes = new TextEncoder().encode(lines.join(''));
    try {
      await this.#file.append(bytes);
    } catch (error) {
      await this.#cut(sizeBefore);
      throw error;
    }
    await this.#sync();
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
    throw new KvError('IO', `${this.path} failed earlier, no write is taken: restart the server`, {
      file: this.path,
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
