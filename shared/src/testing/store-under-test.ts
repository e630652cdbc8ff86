import type {OnEvent} from '../events.ts';
import type {FileSystem} from '../file-system.ts';
import type {MaybePromise, Store} from '../store.ts';
import type {CrashOptions} from './crash-after-every-operation.ts';

/** What a week gives to the test kit: how to open its engine, and what that promises. */
export interface StoreUnderTest {
  /** For the names of tests and in messages. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** For a store whose files are so large that all states would take too long. */
  readonly crash?: CrashOptions;
  /** Opens what is in the data folder, or creates it. */
  open(fileSystem: FileSystem, options: TestedOptions, onEvent: OnEvent): MaybePromise<TestedStore>;
}

export interface TestedOptions {
  /** Small in these tests, so that flushes happen. */
  readonly memtableEntriesMax: number;
}

export interface TestedStore extends Store {
  /** Throws if what the engine has in memory contradicts its invariants. */
  checkInvariants?(): MaybePromise<void>;
}

export interface Capabilities {
  /**
   * After the event `flush` every write acknowledged before it survives a kill
   * and a restart. (Week 2 on.)
   */
  readonly keepsFlushed: boolean;
  /** Every acknowledged write survives a kill. (Week 3 on.) */
  readonly durable: boolean;
  /** Whatever survives a kill survives a power cut too. (Week 3 on.) */
  readonly powerSafe: boolean;
  readonly deletes: boolean;
  readonly scans: boolean;
  /** The log that `walCutAtEveryByte` cuts; leave it out if there is none. */
  readonly wal?: WalUnderTest;
}

export interface WalUnderTest {
  /** Its path in the data folder. */
  readonly file: string;
  /** Whether a record that was changed is recognized. */
  readonly checksums: boolean;
}

export const MEMTABLE_ENTRIES_MAX = 4;
