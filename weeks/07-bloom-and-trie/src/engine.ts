/**
 * A key-value store as a log-structured merge tree: writes gather in a memtable,
 * which is flushed, sorted, to an immutable SSTable in L0 when it is full. A read
 * asks the memtable, then the SSTables from newest to oldest, one in each level
 * below L0, and stops at the first answer. Each write is in the write-ahead log
 * before it is in the memtable. A level that is full is merged into the next.
 *
 * Simplifications, and what they cost: each write waits for a sync of its own;
 * requests run one at a time, and a flush or a compaction stops the world; a
 * compaction rewrites both its levels; a scan is no snapshot.
 *
 * Invariants:
 * 1. `get` answers the value of the last settled `put` of that key, whatever
 *    crashes fell between.
 * 2. A key that was never put, or was deleted since, is absent.
 * 3. Every listed SSTable is complete: a name enters MANIFEST after its file.
 * 4. What the memtable holds, the WAL holds: it is emptied after MANIFEST lists
 *    the SSTable.
 * 5. A tombstone goes only together with all that it hides.
 */
import {asKvError, KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {SerialQueue} from '@kv-workshop/shared/serial-queue';
import type {Store, ValueLimits} from '@kv-workshop/shared/store';
import {checkLevels} from './check-levels.ts';
import {mergeSSTables, removeSSTables} from './compaction.ts';
import {tablesMax} from './level-sizes.ts';
import {afterCompaction, runsToCompact, tablesFor} from './levels.ts';
import {Manifest} from './manifest.ts';
import {Memtable} from './memtable.ts';
import {NegativeCache} from './negative-cache.ts';
import {DEFAULT_OPTIONS, type EngineOptions} from './options.ts';
import {removeOrphans} from './orphans.ts';
import {type Slice, scanSlice} from './scan.ts';
import {type Entry, sstablePath, TABLE_ENTRIES_MAX} from './sstable.ts';
import {TableCache} from './table-cache.ts';
import {Wal} from './wal.ts';

export class Engine implements Store {
  readonly valueLimits: ValueLimits;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  readonly #queue = new SerialQueue();
  readonly #memtable: Memtable;
  readonly #wal: Wal;
  readonly #manifest: Manifest;
  readonly #tables: TableCache;
  readonly #absentKeys: NegativeCache;
  #nextId: number;
  #isClosed = false;

  private constructor(
    options: EngineOptions,
    onEvent: OnEvent,
    memtable: Memtable,
    wal: Wal,
    manifest: Manifest,
    tables: TableCache,
  ) {
    this.valueLimits = options.variableFormat
      ? {bytesMin: 0, bytesMax: 64 * 1024}
      : {bytesMin: 1, bytesMax: 64};
    this.#options = options;
    this.#onEvent = onEvent;
    this.#memtable = memtable;
    this.#wal = wal;
    this.#manifest = manifest;
    this.#tables = tables;
    this.#absentKeys = new NegativeCache(options.negativeCacheKeysMax);
    this.#nextId = manifest.nextId();
  }

  /** @throws KvError CORRUPTION or IO */
  static async open(
    fileSystem: FileSystem,
    options: Partial<EngineOptions> = {},
    onEvent: OnEvent = () => {},
  ): Promise<Engine> {
    const allOptions = {...DEFAULT_OPTIONS, ...options};
    if (allOptions.memtableEntriesMax > TABLE_ENTRIES_MAX) {
      throw new KvError('USAGE', `an SSTable takes ${TABLE_ENTRIES_MAX} entries, no memtable more`);
    }
    const tables = new TableCache(fileSystem, allOptions, onEvent);
    try {
      const manifest = await Manifest.open(fileSystem, allOptions.levelCount);
      const listed = manifest.levels.flat().map(({path}) => path);
      await removeOrphans(fileSystem, listed, onEvent);
      for (const path of listed) await tables.open(path);
      const memtable = new Memtable();
      const apply = ({key, value}: Entry) => memtable.put(key, value);
      const wal = await Wal.open(fileSystem, allOptions.walChecksums, apply, onEvent);
      return new Engine(allOptions, onEvent, memtable, wal, manifest, tables);
    } catch (error) {
      await tables.closeAll();
      throw asKvError(error);
    }
  }

  /** REQUIRES: `key` passes checkKey. */
  get(key: string): Promise<string | undefined> {
    return this.#run(() => {
      const value = this.#memtable.get(key);
      if (value !== undefined) return value ?? undefined;
      if (this.#absentKeys.has(key)) return undefined;
      return this.#getFromSSTables(key);
    });
  }

  /** REQUIRES: `key` passes checkKey, `value` passes checkValue. */
  put(key: string, value: string): Promise<void> {
    return this.#write({key, value});
  }

  /** REQUIRES: `key` passes checkKey. */
  delete(key: string): Promise<void> {
    return this.#write({key, value: null});
  }

  #write(entry: Entry): Promise<void> {
    return this.#run(async () => {
      // Still full only if the last flush failed: then no more until one succeeds.
      if (this.#isMemtableFull()) await this.#flush();
      await this.#wal.append(entry);
      this.#memtable.put(entry.key, entry.value);
      this.#absentKeys.remove(entry.key);
      if (this.#isMemtableFull()) await this.#flush();
    });
  }

  /** REQUIRES: `start` and `end` pass checkKey. @throws KvError while it is iterated */
  async *scan(start: string, end: string): AsyncGenerator<string> {
    let slice: Slice = {keys: [], nextStart: start};
    while (slice.nextStart !== undefined) {
      const from = slice.nextStart;
      slice = await this.#run(() => {
        const {levels} = this.#manifest;
        return scanSlice(this.#tables, this.#memtable.from(from), levels, from, end);
      });
      yield* slice.keys;
    }
  }

  /** @throws Error if the levels are not what they must be; for tests */
  async checkInvariants(): Promise<void> {
    const {memtableEntriesMax} = this.#options;
    const check = () => checkLevels(this.#tables, this.#manifest.levels, memtableEntriesMax);
    await this.#queue.run(check).catch((error: unknown) => {
      throw asKvError(error);
    });
  }

  async close(): Promise<void> {
    // What was asked for before this is in the queue, and ends first.
    const closing = this.#run(() => Promise.all([this.#wal.close(), this.#tables.closeAll()]));
    this.#isClosed = true;
    await closing;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new KvError('CLOSED', 'the store is closed');
  }

  #getFromSSTables(key: string): string | undefined {
    for (const {path} of tablesFor(this.#manifest.levels, key)) {
      const value = this.#tables.find(path, key);
      if (typeof value === 'string') return value;
      // A tombstone: what older SSTables have was deleted.
      if (value === null) break;
    }
    this.#absentKeys.add(key);
    return undefined;
  }

  #isMemtableFull(): boolean {
    return this.#memtable.size >= this.#options.memtableEntriesMax;
  }

  async #flush(): Promise<void> {
    // A new id for each attempt: a failed one may have been listed all the same.
    const name = sstablePath(0, this.#nextId++);
    const entries = this.#memtable.sorted();
    await this.#tables.write(name, entries);
    await this.#manifest.append(name);
    this.#memtable.clear();
    await this.#wal.reset();
    this.#onEvent({type: 'flush', file: name, count: entries.length});
    await this.#compactFullLevels();
  }

  async #compactFullLevels(): Promise<void> {
    for (const level of this.#manifest.levels.keys()) {
      const count = this.#manifest.levels[level]?.length ?? 0;
      if (count >= tablesMax(level, this.#options)) await this.#compact(level);
    }
  }

  /** Merges `level` into the one below it. */
  async #compact(level: number): Promise<void> {
    const {levels} = this.#manifest;
    const inputs = runsToCompact(levels, level);
    const outputs = await mergeSSTables(
      this.#tables,
      inputs,
      levels.slice(level + 2).some((older) => older.length > 0),
      () => sstablePath(level + 1, this.#nextId++),
      this.#options.memtableEntriesMax,
    );
    await this.#manifest.replace(afterCompaction(levels, level, outputs));
    await removeSSTables(this.#tables, inputs.flat(), this.#onEvent);
    const reason = `${inputs.flat().length} SSTables became ${outputs.length}`;
    this.#onEvent({type: 'compaction', file: `l${level + 1}`, reason});
  }

  /** Runs one request when those before it have ended. */
  async #run<T>(request: () => T | Promise<T>): Promise<T> {
    this.#checkOpen();
    try {
      return await this.#queue.run(request);
    } catch (error) {
      throw asKvError(error);
    }
  }
}
