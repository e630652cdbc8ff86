import {KvError} from '../errors.ts';
import type {EngineEvent} from '../events.ts';
import type {MemoryFileSystem} from '../memory-file-system.ts';
import type {ValueLimits} from '../store.ts';
import type {Oracle, Value} from './oracle.ts';
import {MEMTABLE_ENTRIES_MAX, type StoreUnderTest, type TestedStore} from './store-under-test.ts';
import type {Command} from './workload.ts';

/** Keys that no workload writes. */
const NEVER_WRITTEN = ['never', 'neverwritten', 'zz'];
/** Beyond every key that a workload writes. */
const SCAN_RANGE = ['a', 'zzz'] as const;

/**
 * One life of a store, from its opening to its end, together with the oracle
 * that follows what it was asked. Every method throws an Error that says what
 * is wrong with the store.
 */
export class TestedProcess {
  readonly tested: StoreUnderTest;
  readonly fileSystem: MemoryFileSystem;
  readonly oracle: Oracle;
  readonly events: EngineEvent[];
  readonly #store: TestedStore;

  private constructor(
    tested: StoreUnderTest,
    fileSystem: MemoryFileSystem,
    oracle: Oracle,
    events: EngineEvent[],
    store: TestedStore,
  ) {
    this.tested = tested;
    this.fileSystem = fileSystem;
    this.oracle = oracle;
    this.events = events;
    this.#store = store;
  }

  static async open(
    tested: StoreUnderTest,
    fileSystem: MemoryFileSystem,
    oracle: Oracle,
    memtableEntriesMax = MEMTABLE_ENTRIES_MAX,
  ): Promise<TestedProcess> {
    const events: EngineEvent[] = [];
    const store = await tested.open(fileSystem, {memtableEntriesMax}, (event) => {
      events.push(event);
      if (event.type === 'flush' && tested.capabilities.keepsFlushed) oracle.flushed();
    });
    return new TestedProcess(tested, fileSystem, oracle, events, store);
  }

  /** Opens what a crash left, and checks that it is what it may be. */
  static async openAfterCrash(
    tested: StoreUnderTest,
    fileSystem: MemoryFileSystem,
    oracle: Oracle,
    memtableEntriesMax?: number,
  ): Promise<TestedProcess> {
    let opened: TestedProcess;
    try {
      opened = await TestedProcess.open(tested, fileSystem, oracle, memtableEntriesMax);
    } catch (error) {
      throw new Error(`it does not open: ${String(error)}`, {cause: error});
    }
    oracle.settle(await opened.#observe((key) => oracle.permittedAfterCrash(key)));
    return opened;
  }

  get valueLimits(): ValueLimits {
    return this.#store.valueLimits;
  }

  /** @throws whatever the store throws; the oracle then takes the write for undecided */
  async write(command: Command): Promise<void> {
    const write = this.oracle.begin(command.key, command.value);
    if (command.value !== undefined) await this.#store.put(command.key, command.value);
    else if (this.#store.delete !== undefined) await this.#store.delete(command.key);
    else throw new Error('it claims deletes, but has no method delete');
    this.oracle.acknowledge(write);
  }

  /** @returns undefined if acknowledged, or the error with which it was refused */
  async tryWrite(command: Command): Promise<KvError | undefined> {
    try {
      await this.write(command);
      return undefined;
    } catch (error) {
      if (error instanceof KvError && error.code === 'IO') return error;
      throw new Error(
        `${describeCommand(command)}: expected success or a KvError IO, got ${String(error)}`,
        {cause: error},
      );
    }
  }

  /** Reads everything, and checks it. */
  async check(): Promise<void> {
    await this.#observe((key) => this.oracle.permittedNow(key));
  }

  async close(): Promise<void> {
    await this.#store.close();
  }

  /** After a crash of its file system: lets it notice, so that it tries nothing more in the background. */
  async abandon(): Promise<void> {
    try {
      await this.#store.close();
    } catch {
      // Its files cannot be closed any more.
    }
  }

  async #observe(permitted: (key: string) => Value[]): Promise<Map<string, Value>> {
    await this.#store.checkInvariants?.();
    const observed = new Map<string, Value>();
    for (const key of [...this.oracle.keys(), ...NEVER_WRITTEN]) {
      const value = await this.#store.get(key);
      const expected = NEVER_WRITTEN.includes(key) ? [undefined] : permitted(key);
      if (!expected.includes(value)) throw wrongValue(key, value, expected);
      if (!NEVER_WRITTEN.includes(key)) observed.set(key, value);
    }
    if (this.tested.capabilities.scans) await this.#checkScan(observed);
    return observed;
  }

  async #checkScan(observed: ReadonlyMap<string, Value>): Promise<void> {
    if (this.#store.scan === undefined) throw new Error('it claims scans, but has no method scan');
    const [start, end] = SCAN_RANGE;
    const scanned: string[] = [];
    for await (const key of this.#store.scan(start, end)) scanned.push(key);
    const present = [...observed].filter(([, value]) => value !== undefined);
    const expected = present.map(([key]) => key).join(' ');
    if (scanned.join(' ') === expected) return;
    throw new Error(
      `scan of [${start}, ${end}): expected the keys that get finds, "${expected}", ` +
        `got "${scanned.join(' ')}"`,
    );
  }
}

export function describeCommand({key, value}: Command): string {
  return value === undefined ? `delete ${key}` : `put ${key} ${JSON.stringify(value)}`;
}

function wrongValue(key: string, value: Value, permitted: readonly Value[]): Error {
  const expected = [...new Set(permitted)].map(describeValue).join(' or ');
  return new Error(`get ${key}: expected ${expected}, got ${describeValue(value)}`);
}

function describeValue(value: Value): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
