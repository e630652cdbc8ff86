import {createHash} from 'node:crypto';
import {keepUnsynced, loseUnsynced, randomFates} from '../memory-file-system/crash-choice.ts';
import {describeOperation} from '../memory-file-system/operation.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import {Oracle} from './oracle.ts';
import type {StoreUnderTest} from './store-under-test.ts';
import {describeCommand, TestedProcess} from './tested-process.ts';
import {type Command, makeWorkload} from './workload.ts';

export interface CrashOptions {
  /** @default 1 */
  readonly seed?: number;
  /** @default 25 */
  readonly batches?: number;
  /**
   * Random states tried at each crash point, next to nothing and everything kept.
   * @default 4
   */
  readonly randomStates?: number;
}

export interface CrashReport {
  /** Instants at which the machine was stopped. */
  readonly crashPoints: number;
  /** Different states that were booted. */
  readonly statesTried: number;
}

/** What a crash left, and what the store may make of it. */
interface CrashState {
  readonly fileSystem: MemoryFileSystem;
  readonly oracle: Oracle;
  /** When and how it crashed. */
  readonly description: string;
}

/**
 * Runs a workload, and after every single file operation and every
 * acknowledgement boots what a kill would leave, and if the store is powerSafe
 * what power cuts would leave: nothing unsynced, everything, random parts with
 * torn writes. The recovery of each is crashed after every operation as well.
 * Each boot must open, have what was acknowledged (or, for a store that is not
 * durable, flushed), show no value that was never written, and take new writes
 * that survive the next crash.
 * @throws Error that says at which operation and how it crashed, and what is wrong
 */
export async function crashAfterEveryOperation(
  tested: StoreUnderTest,
  options: CrashOptions = {},
): Promise<CrashReport> {
  const {seed = 1, batches = 25, randomStates = 4} = options;
  const {durable, deletes} = tested.capabilities;
  const crashes = new CrashPoints(tested, seed, randomStates);
  const fileSystem = new MemoryFileSystem({
    // Finds out a call whose end nobody awaits.
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const oracle = new Oracle(durable);
  crashes.watch(fileSystem, oracle, '');
  const running = await TestedProcess.open(tested, fileSystem, oracle);
  for (const batch of makeWorkload({seed, batches, deletes})) {
    await Promise.all(
      batch.map(async (command) => {
        await running.write(command);
        crashes.add(fileSystem, oracle, `after ${describeCommand(command)} was acknowledged`);
      }),
    );
    await running.check();
    await crashes.tryAll();
  }
  await running.close();
  await crashes.tryAll();
  return {crashPoints: crashes.count, statesTried: crashes.statesTried};
}

class CrashPoints {
  count = 0;
  statesTried = 0;
  readonly #tested: StoreUnderTest;
  readonly #seed: number;
  readonly #randomStates: number;
  #states: CrashState[] = [];
  /** What power cuts have left so far, so that equal states are tried once. */
  readonly #seen = new Set<string>();

  constructor(tested: StoreUnderTest, seed: number, randomStates: number) {
    this.#tested = tested;
    this.#seed = seed;
    this.#randomStates = randomStates;
  }

  /** Makes every change of `fileSystem` a crash point. */
  watch(fileSystem: MemoryFileSystem, oracle: Oracle, prefix: string): void {
    fileSystem.setHooks({
      afterMutation: (operation) => {
        const when = `after operation ${operation.index} (${describeOperation(operation)})`;
        this.add(fileSystem, oracle, `${prefix}${when}`);
      },
    });
  }

  /** Takes the states that a crash at this instant could leave. */
  add(fileSystem: MemoryFileSystem, oracle: Oracle, when: string): void {
    this.count += 1;
    this.#states.push({
      fileSystem: fileSystem.killClone(),
      oracle: oracle.copy(),
      description: `killed ${when}`,
    });
    if (!this.#tested.capabilities.powerSafe) return;
    this.#addPowerCut(
      fileSystem.crashClone(loseUnsynced),
      oracle,
      `${when}, nothing unsynced kept`,
    );
    this.#addPowerCut(fileSystem.crashClone(keepUnsynced), oracle, `${when}, everything kept`);
    for (let index = 0; index < this.#randomStates; index++) {
      const seed = this.#seed + this.count * this.#randomStates + index;
      const fates = randomFates(seed);
      this.#addPowerCut(fileSystem.crashClone(fates), oracle, `${when}, randomFates(${seed})`);
    }
  }

  /** Boots all states taken so far, and those in which their recovery may crash. */
  async tryAll(): Promise<void> {
    await this.#tryStates((state) => {
      this.watch(state.fileSystem, state.oracle, `${state.description}, then in its recovery `);
    });
    await this.#tryStates(() => {});
  }

  #addPowerCut(fileSystem: MemoryFileSystem, oracle: Oracle, when: string): void {
    const content = fingerprint(fileSystem, oracle);
    if (this.#seen.has(content)) return;
    this.#seen.add(content);
    this.#states.push({fileSystem, oracle: oracle.copy(), description: `power cut ${when}`});
  }

  async #tryStates(prepare: (state: CrashState) => void): Promise<void> {
    const states = this.#states;
    this.#states = [];
    for (const state of states) {
      this.statesTried += 1;
      prepare(state);
      try {
        await bootAndCrashAgain(this.#tested, state);
      } catch (error) {
        throw new Error(`${state.description}: ${(error as Error).message}`, {cause: error});
      }
    }
  }
}

/** Boots; crashes at once, for what a read has shown must stay; boots, writes, crashes and boots. */
async function bootAndCrashAgain(tested: StoreUnderTest, state: CrashState): Promise<void> {
  const {oracle} = state;
  const first = await TestedProcess.openAfterCrash(tested, state.fileSystem, oracle);
  state.fileSystem.setHooks({afterMutation: undefined});
  const second = await openAgain(first, 'read and crashed again');
  for (const command of LATER_WRITES) await second.write(command);
  await openAgain(second, 'written and crashed again');
}

/** Opens what the harshest crash leaves that the store must survive. */
async function openAgain(process: TestedProcess, what: string) {
  const {tested, fileSystem, oracle} = process;
  const left = tested.capabilities.powerSafe
    ? fileSystem.crashClone(loseUnsynced)
    : fileSystem.killClone();
  fileSystem.crash();
  await process.abandon();
  try {
    return await TestedProcess.openAfterCrash(tested, left, oracle);
  } catch (error) {
    throw new Error(`then ${what}: ${(error as Error).message}`, {cause: error});
  }
}

/** Shorter and longer than what the workload writes, to a used key and to a new one. */
const LATER_WRITES: Command[] = [
  {key: 'a', value: 'later'},
  {key: 'h', value: 'later still, and longer than any other value of this workload'},
];

/** Equal for states that need not both be tried. */
function fingerprint(fileSystem: MemoryFileSystem, oracle: Oracle): string {
  const hash = createHash('sha1');
  for (const [path, bytes] of fileSystem.files()) {
    hash.update(JSON.stringify([path, bytes.length])).update(bytes);
  }
  const permitted = oracle.keys().map((key) => [key, ...oracle.permittedAfterCrash(key)]);
  return hash.update(JSON.stringify(permitted)).digest('base64');
}
