/**
 * A key-value store as a log-structured merge tree: writes gather in a memtable,
 * which is flushed, sorted, to an immutable SSTable when it is full. A read asks
 * the memtable, then the SSTables from newest to oldest, and stops at the first
 * answer. Each write is in the write-ahead log before it is in the memtable. Now
 * and then a compaction merges all SSTables into new ones.
 *
 * Simplifications, and what they cost: each write waits for a sync of its own;
 * requests run one at a time, and a flush or a compaction stops the world; a
 * compaction rewrites all data, however little of it has changed.
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
import type {Store} from '@kv-workshop/shared/store';
import {mergeSSTables, removeSSTables} from './compaction.ts';
import {Manifest} from './manifest.ts';
import {Memtable} from './memtable.ts';
import {NegativeCache} from './negative-cache.ts';
import {DEFAULT_OPTIONS, type EngineOptions} from './options.ts';
import {removeOrphans} from './orphans.ts';
import {type Entry, findInSSTable, sstableName, writeSSTable} from './sstable.ts';
import {Wal} from './wal.ts';

export class Engine implements Store {
  readonly valueLimits = {bytesMin: 0, bytesMax: 64 * 1024};
  readonly #fileSystem: FileSystem;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  readonly #queue = new SerialQueue();
  readonly #memtable: Memtable;
  readonly #wal: Wal;
  readonly #manifest: Manifest;
  readonly #absentKeys: NegativeCache;
  #nextId: number;
  #updatesSinceCompaction = 0;
  #isClosed = false;

  private constructor(
    fileSystem: FileSystem,
    options: EngineOptions,
    onEvent: OnEvent,
    memtable: Memtable,
    wal: Wal,
    manifest: Manifest,
  ) {
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#onEvent = onEvent;
    this.#memtable = memtable;
    this.#wal = wal;
    this.#manifest = manifest;
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
    try {
      const manifest = await Manifest.open(fileSystem);
      await removeOrphans(fileSystem, manifest.names, onEvent);
      const memtable = new Memtable();
      const apply = ({key, value}: Entry) => memtable.put(key, value);
      const wal = await Wal.open(fileSystem, allOptions.walChecksums, apply, onEvent);
      return new Engine(fileSystem, allOptions, onEvent, memtable, wal, manifest);
    } catch (error) {
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
      this.#updatesSinceCompaction += 1;
      if (this.#isMemtableFull()) await this.#flush();
      if (this.#updatesSinceCompaction >= this.#options.compactionUpdates) await this.#compact();
    });
  }

  async close(): Promise<void> {
    // What was asked for before this is in the queue, and ends first.
    const closing = this.#run(() => this.#wal.close());
    this.#isClosed = true;
    await closing;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new KvError('CLOSED', 'the store is closed');
  }

  #getFromSSTables(key: string): string | undefined {
    for (const name of this.#manifest.names.toReversed()) {
      const value = findInSSTable(this.#fileSystem, name, key);
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
    const name = sstableName(this.#nextId++);
    const entries = this.#memtable.sorted();
    await writeSSTable(this.#fileSystem, name, entries);
    await this.#manifest.append(name);
    this.#memtable.clear();
    await this.#wal.reset();
    this.#onEvent({type: 'flush', file: name, count: entries.length});
  }

  async #compact(): Promise<void> {
    // Also if it fails: nothing is lost by waiting for the next one.
    this.#updatesSinceCompaction = 0;
    const inputs = this.#manifest.names.toReversed();
    if (inputs.length === 0) return;
    const outputs = await mergeSSTables(
      this.#fileSystem,
      inputs,
      () => sstableName(this.#nextId++),
      this.#options.memtableEntriesMax,
    );
    await this.#manifest.replace(outputs);
    await removeSSTables(this.#fileSystem, inputs, this.#onEvent);
    const reason = `${inputs.length} SSTables became ${outputs.length}`;
    this.#onEvent({type: 'compaction', reason});
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
