/**
 * A key-value store as a log-structured merge tree: writes gather in a memtable,
 * which is flushed, sorted, to an immutable SSTable when it is full. A read asks
 * the memtable, then the SSTables from newest to oldest, and stops at the first
 * answer.
 *
 * Simplifications, and what they cost: what was not flushed is lost by any stop;
 * requests run one at a time, and a flush stops the world; SSTables are never
 * merged, so a miss gets slower with each flush.
 *
 * Invariants:
 * 1. `get` answers the value of the last settled `put` of that key.
 * 2. A key that was never put is absent.
 * 3. Every listed SSTable is complete: a name enters MANIFEST after its file.
 */
import {asKvError, KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {SerialQueue} from '@kv-workshop/shared/serial-queue';
import type {Store} from '@kv-workshop/shared/store';
import {Manifest} from './manifest.ts';
import {Memtable} from './memtable.ts';
import {NegativeCache} from './negative-cache.ts';
import {DEFAULT_OPTIONS, type EngineOptions} from './options.ts';
import {findInSSTable, sstableName, writeSSTable} from './sstable.ts';

export class Engine implements Store {
  readonly valueLimits = {bytesMin: 0, bytesMax: 64 * 1024};
  readonly #fileSystem: FileSystem;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  readonly #queue = new SerialQueue();
  readonly #memtable = new Memtable();
  readonly #manifest: Manifest;
  readonly #absentKeys: NegativeCache;
  #nextId: number;
  #isClosed = false;

  private constructor(
    fileSystem: FileSystem,
    options: EngineOptions,
    onEvent: OnEvent,
    manifest: Manifest,
  ) {
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#onEvent = onEvent;
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
      const manifest = await Manifest.open(fileSystem, onEvent);
      return new Engine(fileSystem, allOptions, onEvent, manifest);
    } catch (error) {
      throw asKvError(error);
    }
  }

  /** REQUIRES: `key` passes checkKey. */
  get(key: string): Promise<string | undefined> {
    return this.#run(() => {
      const value = this.#memtable.get(key);
      if (value !== undefined) return value;
      if (this.#absentKeys.has(key)) return undefined;
      return this.#getFromSSTables(key);
    });
  }

  /** REQUIRES: `key` passes checkKey, `value` passes checkValue. */
  put(key: string, value: string): Promise<void> {
    return this.#run(async () => {
      // Still full only if the last flush failed: then no more until one succeeds.
      if (this.#isMemtableFull()) await this.#flush();
      this.#memtable.put(key, value);
      this.#absentKeys.remove(key);
      if (this.#isMemtableFull()) await this.#flush();
    });
  }

  async close(): Promise<void> {
    // What was asked for before this is in the queue, and ends first.
    const closing = this.#run(() => this.#manifest.close());
    this.#isClosed = true;
    await closing;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new KvError('CLOSED', 'the store is closed');
  }

  #getFromSSTables(key: string): string | undefined {
    for (const name of this.#manifest.names.toReversed()) {
      const value = findInSSTable(this.#fileSystem, name, key);
      if (value !== undefined) return value;
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
    this.#onEvent({type: 'flush', file: name, count: entries.length});
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
