/**
 * Optional: the next memtable and its log are made while the current ones still
 * have room, so that no write waits for a new file and the sync of its folder.
 *
 * Cost: after a crash meanwhile the start finds a newer log, an empty one. It then
 * takes the memtable before it for full, and flushes it as it is.
 */
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import type {Segment} from './catalog.ts';
import type {EngineOptions} from './options.ts';
import {openSegment} from './recovery.ts';

/** Of the entries that a memtable takes. */
const PREPARED_FROM = 0.8;

export class NextSegment {
  readonly #fileSystem: FileSystem;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  #prepared: Promise<Segment> | undefined;

  constructor(fileSystem: FileSystem, options: EngineOptions, onEvent: OnEvent) {
    this.#fileSystem = fileSystem;
    this.#options = options;
    this.#onEvent = onEvent;
  }

  /** Begins to make the one behind `active`, if it is time. */
  prepareIfDue({memtable, wal}: Segment): void {
    const {preparesNextLog, memtableEntriesMax} = this.#options;
    if (!preparesNextLog || memtable.size < PREPARED_FROM * memtableEntriesMax) return;
    if (this.#prepared !== undefined) return;
    this.#prepared = this.#open(wal.number + 1);
    // Whoever takes it is told.
    this.#prepared.catch(() => {});
  }

  /** The one behind `active`, made now if it was not prepared. */
  take({wal}: Segment): Promise<Segment> {
    const prepared = this.#prepared ?? this.#open(wal.number + 1);
    // If it failed, the next attempt begins anew.
    this.#prepared = undefined;
    return prepared;
  }

  /** Removes what was prepared and not taken. */
  async close(): Promise<void> {
    const prepared = await this.#prepared?.catch(() => undefined);
    if (prepared === undefined) return;
    await prepared.wal.close();
    await this.#fileSystem.remove(prepared.wal.path);
  }

  #open(number: number): Promise<Segment> {
    return openSegment(this.#fileSystem, number, this.#options, this.#onEvent);
  }
}
