import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {BlockCache} from './block-cache.ts';
import {BloomFilter, DEFAULT_SEEDS} from './bloom-filter.ts';
import {filterPath, readFilter, writeFilter} from './filter-file.ts';
import {entriesOf} from './merge.ts';
import type {EngineOptions} from './options.ts';
import {newSeeds} from './random-seeds.ts';
import {type Entry, OpenSSTable, writeSSTable} from './sstable.ts';

/**
 * The SSTables that are open: a file handle, the index block and the Bloom filter
 * of each stay in memory, so that a lookup reads one data block and nothing else,
 * and of most SSTables that lack the key not even that.
 */
export class TableCache {
  readonly #fileSystem: FileSystem;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  readonly #blocks: BlockCache;
  readonly #tables = new Map<string, OpenSSTable>();
  /** An SSTable without one is read for every lookup: that is slower, not wrong. */
  readonly #filters = new Map<string, BloomFilter>();

  constructor(fileSystem: FileSystem, options: EngineOptions, onEvent: OnEvent) {
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#onEvent = onEvent;
    this.#blocks = new BlockCache(options.blockCacheBytes);
  }

  async open(path: string): Promise<void> {
    this.#tables.set(path, await OpenSSTable.open(this.#fileSystem, path, this.#blocks));
    if (this.#filters.has(path)) return;
    const filter = readFilter(this.#fileSystem, path);
    if (filter === undefined) await this.#rebuildFilter(path);
    else this.#filters.set(path, filter);
  }

  /** REQUIRES: `path` is open. */
  get(path: string): OpenSSTable {
    const table = this.#tables.get(path);
    if (table === undefined) throw new Error(`${path} is not open`);
    return table;
  }

  /**
   * Null if there is a tombstone of `key`, undefined if there is no entry.
   * REQUIRES: `path` is open.
   */
  find(path: string, key: string): string | null | undefined {
    if (this.#filters.get(path)?.mayHave(key) === false) return undefined;
    return this.get(path).get(key);
  }

  /** Writes an SSTable, durably, and opens it. REQUIRES: `entries` ascend by key, each key once. */
  async write(path: string, entries: readonly Entry[]): Promise<void> {
    try {
      // Before the SSTable, whose sync of the folder makes both names durable.
      const filter = this.#newFilter(entries);
      await writeFilter(this.#fileSystem, path, filter);
      this.#filters.set(path, filter);
      await writeSSTable(this.#fileSystem, path, entries, this.#options.variableFormat);
      await this.open(path);
    } catch (error) {
      // A full disk must not stay full of what nobody lists.
      await this.remove(path).catch(() => {});
      throw error;
    }
  }

  /** Closes an SSTable, if it is open, and removes its file. */
  async remove(path: string): Promise<void> {
    await this.#close(path);
    const files = [path, filterPath(path)];
    const removals = await Promise.allSettled(files.map((file) => this.#fileSystem.remove(file)));
    for (const removal of removals) if (removal.status === 'rejected') throw removal.reason;
  }

  async closeAll(): Promise<void> {
    await Promise.all(Array.from(this.#tables.keys(), (path) => this.#close(path)));
  }

  #newFilter(entries: Iterable<Entry>): BloomFilter {
    const seeds = this.#options.randomSeeds ? newSeeds() : DEFAULT_SEEDS;
    const filter = new BloomFilter(seeds, this.#options.blockedFilters);
    for (const {key} of entries) filter.add(key);
    return filter;
  }

  /** What the file said is not trusted, and not missed: the SSTable has all its keys. */
  async #rebuildFilter(path: string): Promise<void> {
    const file = filterPath(path);
    try {
      const filter = this.#newFilter(entriesOf(this.get(path).stretches('', false)));
      this.#filters.set(path, filter);
      await writeFilter(this.#fileSystem, path, filter);
      this.#onEvent({type: 'filter-rebuilt', file});
    } catch (error) {
      this.#onEvent({type: 'filter-not-rebuilt', file, reason: (error as Error).message});
    }
  }

  async #close(path: string): Promise<void> {
    const table = this.#tables.get(path);
    this.#tables.delete(path);
    this.#filters.delete(path);
    await table?.close();
  }
}
