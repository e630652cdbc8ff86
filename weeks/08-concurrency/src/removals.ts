import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {SerialQueue} from '@kv-workshop/shared/serial-queue';
import {sstableId} from './sstable.ts';
import type {TableCache} from './table-cache.ts';

/** Removes files that no version uses any more, in the background. */
export class Removals {
  readonly #fileSystem: FileSystem;
  readonly #tables: TableCache;
  readonly #onEvent: OnEvent;
  readonly #queue = new SerialQueue();

  constructor(fileSystem: FileSystem, tables: TableCache, onEvent: OnEvent) {
    this.#fileSystem = fileSystem;
    this.#tables = tables;
    this.#onEvent = onEvent;
  }

  /** One that cannot be removed is reported. It is an orphan, and gone after a restart. */
  remove(paths: readonly string[]): void {
    void this.#queue.run(async () => {
      for (const path of paths) {
        try {
          if (sstableId(path) === undefined) await this.#fileSystem.remove(path);
          else await this.#tables.remove(path);
        } catch (error) {
          this.#onEvent({type: 'orphan-left', file: path, reason: (error as Error).message});
        }
      }
    });
  }

  /** Settles when all that was asked for is done. */
  async idle(): Promise<void> {
    await this.#queue.idle();
  }
}
