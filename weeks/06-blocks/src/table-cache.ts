import type {FileSystem} from '@kv-workshop/shared/file-system';
import {BlockCache} from './block-cache.ts';
import type {EngineOptions} from './options.ts';
import {type Entry, OpenSSTable, writeSSTable} from './sstable.ts';

/**
 * The SSTables that are open: a file handle and the index block of each stay in
 * memory, so that a lookup reads one data block and nothing else.
 */
export class TableCache {
  readonly #fileSystem: FileSystem;
  readonly #options: EngineOptions;
  readonly #blocks: BlockCache;
  readonly #tables = new Map<string, OpenSSTable>();

  constructor(fileSystem: FileSystem, options: EngineOptions) {
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#blocks = new BlockCache(options.blockCacheBytes);
  }

  async open(path: string): Promise<void> {
    this.#tables.set(path, await OpenSSTable.open(this.#fileSystem, path, this.#blocks));
  }

  /** REQUIRES: `path` is open. */
  get(path: string): OpenSSTable {
    const table = this.#tables.get(path);
    if (table === undefined) throw new Error(`${path} is not open`);
    return table;
  }

  /** Writes an SSTable, durably, and opens it. REQUIRES: `entries` ascend by key, each key once. */
  async write(path: string, entries: readonly Entry[]): Promise<void> {
    try {
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
    await this.#fileSystem.remove(path);
  }

  async closeAll(): Promise<void> {
    await Promise.all(Array.from(this.#tables.keys(), (path) => this.#close(path)));
  }

  async #close(path: string): Promise<void> {
    const table = this.#tables.get(path);
    this.#tables.delete(path);
    await table?.close();
  }
}
