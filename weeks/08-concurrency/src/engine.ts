/**
 * A key-value store as a log-structured merge tree: writes gather in a memtable,
 * which is flushed, sorted, to an immutable SSTable in L0 when it is full. A read
 * asks the memtable, then the SSTables from newest to oldest, one in each level
 * below L0, and stops at the first answer. Each write is in the write-ahead log
 * before it is in the memtable. A level that is full is merged into the next.
 *
 * Requests run at once, each on one version of the catalog. Writes that wait at
 * the same time share a sync. Flushes and compactions run in the background, at
 * most one of each; both publish what they did as an edit of the latest version.
 *
 * Simplifications, and what they cost: a compaction rewrites both its levels;
 * writes stall when flushes fall behind; a log whose sync failed takes no write
 * until a restart.
 *
 * Invariants:
 * 1. `get` answers the value of the last settled `put` of that key, whatever
 *    crashes fell between.
 * 2. A key that was never put, or was deleted since, is absent.
 * 3. Every listed SSTable is complete: a name enters MANIFEST after its file.
 * 4. What a memtable holds, its log holds: it is removed after MANIFEST lists the
 *    SSTable, when no reader's version has the memtable.
 * 5. A tombstone goes only together with all that it hides.
 */
import {asKvError, KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {SerialQueue} from '@kv-workshop/shared/serial-queue';
import type {Store, ValueLimits} from '@kv-workshop/shared/store';
import {BackgroundJob} from './background-job.ts';
import {Catalog, getFromMemtables, type Segment, type State, type Version} from './catalog.ts';
import {checkLevels} from './check-levels.ts';
import {mergeSSTables} from './compaction.ts';
import {GroupCommit} from './group-commit.ts';
import {tablesMax} from './level-sizes.ts';
import {ALL_KEYS, afterCompaction, type Levels, runsToCompact, tablesFor} from './levels.ts';
import {Manifest} from './manifest.ts';
import {NegativeCache} from './negative-cache.ts';
import {NextSegment} from './next-segment.ts';
import {DEFAULT_OPTIONS, type EngineOptions} from './options.ts';
import {removeOrphans} from './orphans.ts';
import {liveLogs, recoverSegments} from './recovery.ts';
import {Removals} from './removals.ts';
import {scanVersion} from './scan.ts';
import {type Entry, sstablePath, TABLE_ENTRIES_MAX} from './sstable.ts';
import {TableCache} from './table-cache.ts';
import {Turns} from './take-turns.ts';
import {walPath} from './wal.ts';

export class Engine implements Store {
  readonly valueLimits: ValueLimits;
  readonly #options: EngineOptions;
  readonly #onEvent: OnEvent;
  readonly #catalog: Catalog;
  readonly #commits: GroupCommit;
  readonly #nextSegment: NextSegment;
  readonly #flusher = new BackgroundJob(() => this.#flushAll());
  readonly #compactor = new BackgroundJob(() => this.#compactFullLevels());
  readonly #turns = new Turns();
  /** New MANIFESTs: a flush and a compaction that overlap come one after the other. */
  readonly #queue = new SerialQueue();
  readonly #removals: Removals;
  readonly #manifest: Manifest;
  readonly #tables: TableCache;
  readonly #absentKeys: NegativeCache;
  /** The newest flush. */
  #flushing: Promise<void> = Promise.resolve();
  /** The swap of a full memtable that is under way. Its writes do not wait for it. */
  #rotation: Promise<void> = Promise.resolve();
  /** SSTables of a MANIFEST that failed after it had its name: a restart may need them. */
  readonly #perhapsListed: string[] = [];
  #nextId: number;
  #updatesSinceCompaction = 0;
  /** A compaction is due once the memtable of this log is flushed (0: now); undefined if none is. */
  #compactAfterLog: number | undefined;
  #isClosed = false;

  private constructor(
    fileSystem: FileSystem,
    options: EngineOptions,
    onEvent: OnEvent,
    full: readonly Segment[],
    active: Segment,
    manifest: Manifest,
    tables: TableCache,
  ) {
    this.valueLimits = options.variableFormat
      ? {bytesMin: 0, bytesMax: 64 * 1024}
      : {bytesMin: 1, bytesMax: 64};
    this.#options = options;
    this.#onEvent = onEvent;
    this.#manifest = manifest;
    this.#tables = tables;
    this.#absentKeys = new NegativeCache(options.negativeCacheKeysMax);
    this.#nextId = manifest.nextId();
    const {levels, path} = manifest;
    this.#removals = new Removals(fileSystem, tables, onEvent);
    this.#catalog = new Catalog({active, full, levels, manifest: path}, (paths) =>
      this.#removals.remove(paths),
    );
    this.#commits = new GroupCommit(
      (group) => this.#commit(group),
      options.groupCommit ? Number.POSITIVE_INFINITY : 1,
    );
    this.#nextSegment = new NextSegment(fileSystem, options, onEvent);
    if ((levels[0]?.length ?? 0) >= options.l0TablesMax) this.#compactAfterLog = 0;
    this.#flusher.notify();
    this.#compactor.notify();
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
      const logs = await liveLogs(fileSystem, manifest.walFirst);
      await removeOrphans(fileSystem, [...listed, manifest.path, ...logs.map(walPath)], onEvent);
      for (const path of listed) await tables.open(path);
      const segments = await recoverSegments(fileSystem, logs, allOptions, onEvent);
      const active = segments.pop();
      if (active === undefined) throw new Error('there is always one log');
      return new Engine(fileSystem, allOptions, onEvent, segments, active, manifest, tables);
    } catch (error) {
      await tables.closeAll();
      throw asKvError(error);
    }
  }

  /** REQUIRES: `key` passes checkKey. */
  get(key: string): string | undefined {
    return this.#run((version) => {
      const value = getFromMemtables(version, key);
      if (value !== undefined) return value ?? undefined;
      if (this.#absentKeys.has(key)) return undefined;
      return this.#getFromSSTables(version.levels, key);
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
    this.#checkOpen();
    this.#turns.onRequest();
    return this.#commits.write(entry);
  }

  /** REQUIRES: `start` and `end` pass checkKey. @throws KvError while it is iterated */
  *scan(start: string, end: string): Generator<string> {
    this.#checkOpen();
    const version = this.#catalog.acquire();
    try {
      for (const keys of scanVersion(this.#tables, version, start, end)) {
        for (let index = 0; index < keys.length; index++) yield keys[index] as string;
      }
    } catch (error) {
      throw asKvError(error);
    } finally {
      this.#catalog.release(version);
    }
  }

  /** @throws Error if the levels are not what they must be; for tests */
  async checkInvariants(): Promise<void> {
    const version = this.#catalog.acquire();
    const {memtableEntriesMax} = this.#options;
    const check = () => checkLevels(this.#tables, version.levels, memtableEntriesMax);
    const checked = check().catch((error: unknown) => {
      throw asKvError(error);
    });
    await checked.finally(() => this.#catalog.release(version));
  }

  async close(): Promise<void> {
    this.#checkOpen();
    this.#isClosed = true;
    // In this order: writes fill memtables, and a flush may be followed by a compaction.
    await this.#commits.idle();
    await this.#rotation;
    await this.#flusher.stop();
    await this.#compactor.stop();
    await this.#removals.idle();
    const {active, full} = this.#catalog.latest;
    const logs = [...full, active].map(({wal}) => wal.close());
    const others = [this.#nextSegment.close(), this.#tables.closeAll()];
    const closings = await Promise.allSettled([...logs, ...others]);
    for (const closing of closings) {
      if (closing.status === 'rejected') throw asKvError(closing.reason);
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new KvError('CLOSED', 'the store is closed');
  }

  #getFromSSTables(levels: Levels, key: string): string | undefined {
    for (const {path} of tablesFor(levels, key)) {
      const value = this.#tables.find(path, key);
      if (typeof value === 'string') return value;
      // A tombstone: what older SSTables have was deleted.
      if (value === null) break;
    }
    this.#absentKeys.add(key);
    return undefined;
  }

  /** How many entries the active memtable can still take. */
  #room(): number {
    return this.#options.memtableEntriesMax - this.#catalog.latest.active.memtable.size;
  }

  /** Makes a group of writes durable, then visible; in parts, if the memtable has no room for all. */
  async #commit(group: readonly Entry[]): Promise<void> {
    for (let done = 0; done < group.length; ) {
      await this.#rotation;
      // Still full only if it could not be swapped: then no more until it is.
      if (this.#room() <= 0) await this.#rotate();
      const part = group.slice(done, done + this.#room());
      await this.#catalog.latest.active.wal.append(part);
      this.#apply(part);
      done += part.length;
    }
  }

  /** REQUIRES: the entries are durable, and the active memtable has room for them. */
  #apply(entries: readonly Entry[]): void {
    const {active, full} = this.#catalog.latest;
    for (const {key, value} of entries) {
      active.memtable.put(key, value);
      this.#absentKeys.remove(key);
    }
    const isFull = this.#room() <= 0;
    this.#updatesSinceCompaction += entries.length;
    if (this.#updatesSinceCompaction >= this.#options.compactionUpdates) {
      this.#updatesSinceCompaction %= this.#options.compactionUpdates;
      // What is full now takes part in it.
      this.#compactAfterLog = (isFull ? active : full.at(-1))?.wal.number ?? 0;
      this.#compactor.notify();
    }
    this.#nextSegment.prepareIfDue(active);
    if (!isFull || this.#isStalled()) return;
    this.#rotation = this.#rotate().catch((error: unknown) => {
      this.#report('rotation-failed', error);
    });
  }

  #isStalled(): boolean {
    return this.#catalog.latest.full.length >= this.#options.fullMemtablesMax;
  }

  /** Swaps the full memtable for a new one, with a new log, and has it flushed. */
  async #rotate(): Promise<void> {
    if (this.#isStalled()) {
      this.#onEvent({type: 'write-stall', reason: 'flushes are slower than writes'});
      this.#flusher.notify();
      await this.#flushing;
    }
    const next = await this.#nextSegment.take(this.#catalog.latest.active);
    this.#catalog.publish(({active, full}) => ({active: next, full: [...full, active]}));
    this.#flusher.notify();
  }

  async #flushAll(): Promise<void> {
    for (;;) {
      const [oldest] = this.#catalog.latest.full;
      if (oldest === undefined) return;
      try {
        this.#flushing = this.#flush(oldest);
        await this.#flushing;
      } catch (error) {
        this.#report('flush-failed', error);
        // A compaction that is due does not wait for this, for it may make room.
        if (this.#compactAfterLog !== undefined) this.#compactAfterLog = 0;
        this.#compactor.notify();
        throw error;
      }
    }
  }

  /** REQUIRES: the segment is the oldest of the full ones. */
  async #flush({memtable, wal}: Segment): Promise<void> {
    // A new id for each attempt: a failed one may have been listed all the same.
    const name = sstablePath(0, this.#nextId++);
    const entries = memtable.sorted();
    // A log that was damaged from its start has none, and needs no SSTable.
    const flushed = entries.length > 0 ? [{path: name, ...ALL_KEYS}] : [];
    if (entries.length > 0) await this.#tables.write(name, entries);
    await this.#publish(flushed, ({levels: [l0 = [], ...lower], full}) => ({
      levels: [[...l0, ...flushed], ...lower],
      full: full.slice(1),
    }));
    await wal.close();
    if (entries.length > 0) this.#onEvent({type: 'flush', file: name, count: entries.length});
    if (this.#compactAfterLog !== undefined) this.#compactor.notify();
  }

  async #compactFullLevels(): Promise<void> {
    if (this.#compactAfterLog === undefined) return;
    const {full, active} = this.#catalog.latest;
    // The flush of that log will notify again.
    if ((full[0] ?? active).wal.number <= this.#compactAfterLog) return;
    // It may become due once more while it runs.
    this.#compactAfterLog = undefined;
    try {
      for (const level of this.#catalog.latest.levels.keys()) {
        const count = this.#catalog.latest.levels[level]?.length ?? 0;
        // L0 is due, however full it is.
        const countMin = level === 0 ? 1 : tablesMax(level, this.#options);
        if (count >= countMin) await this.#compact(level);
      }
    } catch (error) {
      this.#compactAfterLog = 0;
      this.#report('compaction-failed', error);
      throw error;
    }
  }

  /** Merges `level` into the one below it. */
  async #compact(level: number): Promise<void> {
    // Needs no pin: what a compaction merges stays listed until the next compaction.
    const {levels} = this.#catalog.latest;
    const inputs = runsToCompact(levels, level);
    const outputs = await mergeSSTables(
      this.#tables,
      inputs,
      levels.slice(level + 2).some((older) => older.length > 0),
      () => sstablePath(level + 1, this.#nextId++),
      this.#options.memtableEntriesMax,
      this.#turns,
    );
    await this.#publish(outputs, (latest) => ({
      levels: afterCompaction(latest.levels, level, inputs, outputs),
    }));
    const reason = `${inputs.flat().length} SSTables became ${outputs.length}`;
    this.#onEvent({type: 'compaction', file: `l${level + 1}`, reason});
  }

  /**
   * Lists the files of a new version in MANIFEST, then publishes it in the catalog.
   * @param added the SSTables that are new in it. REQUIRES: they are durable.
   * @throws the file operation's error; nothing is published then
   */
  async #publish(added: Levels[number], edit: (latest: State) => Partial<State>): Promise<void> {
    await this.#queue.run(async () => {
      const {levels, full, active} = {...this.#catalog.latest, ...edit(this.#catalog.latest)};
      try {
        await this.#manifest.replace(levels, (full[0] ?? active).wal.number);
      } catch (error) {
        // What failed for want of space must not use it up.
        this.#perhapsListed.push(...added.map(({path}) => path));
        if (this.#manifest.isSettled) this.#removals.remove(this.#perhapsListed.splice(0));
        throw error;
      }
      const manifest = this.#manifest.path;
      // Meanwhile another memtable may have become full, and stays.
      this.#catalog.publish((latest) => ({...edit(latest), manifest}));
      this.#removals.remove(this.#perhapsListed.splice(0));
    });
  }

  #report(type: string, error: unknown): void {
    this.#onEvent({type, reason: error instanceof Error ? error.message : String(error)});
  }
  /** Runs one request on the latest version. */
  #run<T>(request: (version: Version) => T): T {
    this.#checkOpen();
    this.#turns.onRequest();
    const version = this.#catalog.acquire();
    try {
      return request(version);
    } catch (error) {
      throw asKvError(error);
    } finally {
      this.#catalog.release(version);
    }
  }
}
