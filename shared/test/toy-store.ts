/**
 * The smallest store that the test kit can be tried on: a Map, and a log that
 * is read at start. Each `Bug` breaks it in one way.
 *
 *   log    <checksum, 8 hex digits> ["key","value"]\n      a put
 *          <checksum, 8 hex digits> ["key"]\n              a delete
 */
import {asKvError, KvError} from '../src/errors.ts';
import type {OnEvent} from '../src/events.ts';
import type {File, FileSystem} from '../src/file-system.ts';
import {SerialQueue} from '../src/serial-queue.ts';
import type {StoreUnderTest, TestedStore} from '../src/testing/store-under-test.ts';

export type Bug =
  | 'acknowledges before the sync'
  | 'accepts calls after close'
  | 'carries on after a failed append'
  | 'carries on after a failed sync'
  | 'cuts off a record too many'
  | 'does not cut off a torn record'
  | 'does not report what it cuts off'
  | 'does not sync'
  | 'does not sync the directory'
  | 'drops deletes from the log'
  | 'ignores checksums'
  | 'loses what it flushes'
  | 'keeps its entries in an object'
  | 'leaves its file open when it cannot start'
  | 'refuses a torn record'
  | 'refuses reads after a failure'
  | 'scans one key too far'
  | 'skips the sync of what it replays'
  | 'swallows errors'
  | 'throws raw errors'
  | 'trims values';

interface ToyOptions {
  readonly bug?: Bug;
  /** Not durable: as many records as the memtable has are written at once. */
  readonly isBuffered?: boolean;
}

export function toyStore({bug, isBuffered = false}: ToyOptions = {}): StoreUnderTest {
  return {
    name: bug === undefined ? 'toy' : `toy that ${bug}`,
    capabilities: {
      keepsFlushed: true,
      durable: !isBuffered,
      powerSafe: true,
      deletes: true,
      scans: true,
      ...(isBuffered ? {} : {wal: {file: LOG, checksums: true}}),
    },
    open: (fileSystem, {memtableEntriesMax}, onEvent) =>
      ToyStore.open(fileSystem, bug, isBuffered ? memtableEntriesMax : 1, onEvent),
  };
}

const LOG = 'log';

class ToyStore implements TestedStore {
  readonly valueLimits = {bytesMin: 0, bytesMax: 64 * 1024};
  readonly #bug: Bug | undefined;
  readonly #file: File;
  readonly #entries: Map<string, string>;
  readonly #batchSize: number;
  readonly #onEvent: OnEvent;
  readonly #queue = new SerialQueue();
  #unwritten: string[] = [];
  #isBroken = false;
  #isClosed = false;

  private constructor(
    bug: Bug | undefined,
    file: File,
    entries: Map<string, string>,
    batchSize: number,
    onEvent: OnEvent,
  ) {
    this.#bug = bug;
    this.#file = file;
    this.#entries = entries;
    this.#batchSize = batchSize;
    this.#onEvent = onEvent;
  }

  static async open(
    fileSystem: FileSystem,
    bug: Bug | undefined,
    batchSize: number,
    onEvent: OnEvent,
  ): Promise<ToyStore> {
    let file: File | undefined;
    try {
      file = await fileSystem.open(LOG, 'append');
      const entries =
        bug === 'keeps its entries in an object' ? new ObjectMap() : new Map<string, string>();
      const bytes = await file.read(0, file.size);
      const end = replay(bytes, entries, bug);
      if (end < bytes.length) {
        if (bug === 'refuses a torn record') throw new KvError('CORRUPTION', 'a torn record');
        if (bug !== 'does not report what it cuts off') {
          onEvent({type: 'wal-truncated', file: LOG, offset: end, count: bytes.length - end});
        }
        if (bug !== 'does not cut off a torn record') await file.truncate(end);
      }
      if (bug !== 'skips the sync of what it replays') await file.sync();
      if (bug !== 'does not sync the directory') await fileSystem.syncDir('');
      return new ToyStore(bug, file, entries, batchSize, onEvent);
    } catch (error) {
      if (bug !== 'leaves its file open when it cannot start') await file?.close().catch(() => {});
      throw asKvError(error);
    }
  }

  get(key: string): Promise<string | undefined> {
    return this.#run(() => {
      if (this.#isBroken && this.#bug === 'refuses reads after a failure') throw broken();
      return this.#entries.get(key);
    });
  }

  put(key: string, value: string): Promise<void> {
    const kept = this.#bug === 'trims values' ? value.trim() : value;
    return this.#run(async () => {
      await this.#log([key, kept]);
      this.#entries.set(key, kept);
    });
  }

  delete(key: string): Promise<void> {
    return this.#run(async () => {
      if (this.#bug !== 'drops deletes from the log') await this.#log([key]);
      this.#entries.delete(key);
    });
  }

  async *scan(start: string, end: string): AsyncGenerator<string> {
    const last = this.#bug === 'scans one key too far' ? end : undefined;
    const keys = await this.#run(() => [...this.#entries.keys()].sort());
    for (const key of keys) if (key >= start && (key < end || key === last)) yield key;
  }

  close(): Promise<void> {
    return this.#run(async () => {
      this.#isClosed = true;
      await this.#file.close();
    });
  }

  async #log(record: string[]): Promise<void> {
    if (this.#isBroken) throw broken();
    const text = JSON.stringify(record);
    this.#unwritten.push(`${checksum(text)} ${text}\n`);
    if (this.#unwritten.length < this.#batchSize) return;
    try {
      await this.#write(new TextEncoder().encode(this.#unwritten.join('')));
    } catch (error) {
      // The earlier records of a batch are acknowledged already.
      if (this.#batchSize > 1 || this.#bug === 'refuses reads after a failure')
        this.#isBroken = true;
      if (this.#bug !== 'swallows errors') throw error;
    } finally {
      this.#unwritten = [];
    }
    this.#onEvent({type: 'flush'});
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const sizeBefore = this.#file.size;
    try {
      if (this.#bug !== 'loses what it flushes') await this.#file.append(bytes);
    } catch (error) {
      if (this.#bug !== 'carries on after a failed append') await this.#cut(sizeBefore);
      throw error;
    }
    if (this.#bug === 'acknowledges before the sync') void this.#file.sync().catch(() => {});
    else if (this.#bug !== 'does not sync') await this.#sync();
  }

  async #cut(size: number): Promise<void> {
    this.#isBroken = true;
    await this.#file.truncate(size);
    await this.#sync();
    this.#isBroken = false;
  }

  /** What a failed sync left on the disk is not known: no repair but to open the log again. */
  async #sync(): Promise<void> {
    try {
      await this.#file.sync();
    } catch (error) {
      this.#isBroken = this.#bug !== 'carries on after a failed sync';
      throw error;
    }
  }

  #run<T>(request: () => T | Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed && this.#bug !== 'accepts calls after close') {
        throw new KvError('CLOSED', 'the store is closed');
      }
      try {
        return await request();
      } catch (error) {
        throw this.#bug === 'throws raw errors' ? error : asKvError(error);
      }
    });
  }
}

/** Applies the valid records; returns the offset behind the last of them. */
function replay(bytes: Uint8Array, entries: Map<string, string>, bug: Bug | undefined): number {
  const decoder = new TextDecoder();
  let start = 0;
  let previous = 0;
  for (;;) {
    const end = bytes.indexOf(0x0a, start);
    const line = decoder.decode(bytes.subarray(start, Math.max(start, end)));
    const record = parseRecord(line, bug);
    if (record === undefined) {
      return bug === 'cuts off a record too many' && start < bytes.length ? previous : start;
    }
    const [key, value] = record;
    if (value === undefined) entries.delete(key);
    else entries.set(key, value);
    previous = start;
    start = end + 1;
  }
}

function parseRecord(line: string, bug: Bug | undefined): [string, string?] | undefined {
  const text = line.slice(9);
  if (bug !== 'ignores checksums' && line !== `${checksum(text)} ${text}`) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** FNV-1a, 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

function broken(): KvError {
  return new KvError('IO', 'the log failed earlier: open the store again');
}

/** What a Map is not. */
class ObjectMap extends Map<string, string> {
  readonly #object: Record<string, string> = {};

  override get(key: string): string | undefined {
    return this.#object[key];
  }

  override set(key: string, value: string): this {
    this.#object[key] = value;
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    delete this.#object[key];
    return super.delete(key);
  }
}
