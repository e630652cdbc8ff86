import {KvError} from '../errors.ts';
import {loseUnsynced} from '../memory-file-system/crash-choice.ts';
import {
  describeOperation,
  type Fault,
  type Operation,
  type OperationKind,
} from '../memory-file-system/operation.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import {Oracle} from './oracle.ts';
import type {StoreUnderTest} from './store-under-test.ts';
import {TestedProcess} from './tested-process.ts';
import {type Command, makeWorkload} from './workload.ts';

export interface FaultOptions {
  /** @default 1 */
  readonly seed?: number;
  /** @default 10 */
  readonly batches?: number;
}

export interface FaultReport {
  /** Runs of the workload, each with one fault. */
  readonly runs: number;
  /** Calls that were refused, over all runs. */
  readonly refusedCalls: number;
}

/** Which operations fail, from the one at `index` on, and how. */
interface FaultKind {
  readonly name: string;
  readonly kinds: ReadonlySet<OperationKind>;
  /** Whether only one operation fails, or all of these kinds until the space is back. */
  readonly once: boolean;
  readonly fault: (operation: Operation) => Fault;
}

const CHANGES = new Set<OperationKind>([
  'open',
  'append',
  'truncate',
  'sync',
  'rename',
  'remove',
  'makeDir',
  'syncDir',
]);
const READS = ['read', 'readFile', 'list', 'close'] as const;

const FAULT_KINDS: readonly FaultKind[] = [
  {
    name: 'EIO once',
    kinds: new Set([...CHANGES, ...READS]),
    once: true,
    fault: () => ({code: 'EIO'}),
  },
  {
    name: 'EIO on every change for a while',
    kinds: CHANGES,
    once: false,
    fault: () => ({code: 'EIO'}),
  },
  {name: 'ENOSPC once', kinds: new Set(['append']), once: true, fault: shortWrite},
  {
    name: 'ENOSPC for a while',
    kinds: new Set(['append', 'makeDir', 'open']),
    once: false,
    fault: shortWrite,
  },
];

/** So many batches after a lasting fault began, the disk works again. */
const FAULT_BATCHES = 2;
/** So often a power cut is tried while the workload goes on after a fault, besides the one at its end. */
const POWER_CUTS_MAX = 4;

/**
 * Runs a workload once for every file operation of it and every kind of fault.
 * A call may be refused with a KvError IO, and the store may then refuse all
 * further writes; but what it acknowledges is kept through crashes, reads never
 * show what was not written and work as soon as the disk does, no file stays open
 * behind it, and the folder can be opened and written again.
 * @throws Error that says which operation failed how, and what is wrong
 */
export async function faultOnEveryOperation(
  tested: StoreUnderTest,
  options: FaultOptions = {},
): Promise<FaultReport> {
  const {seed = 1, batches = 10} = options;
  const workload = makeWorkload({seed, batches, deletes: tested.capabilities.deletes});
  let runs = 0;
  let refusedCalls = 0;
  for (const faultKind of FAULT_KINDS) {
    for (let index = 0; ; index++) {
      const run = new FaultRun(tested, faultKind, index);
      try {
        await run.play(workload);
      } catch (error) {
        throw new Error(`${run.description}: ${(error as Error).message}`, {cause: error});
      }
      refusedCalls += run.refusedCalls;
      // Beyond the last operation of the workload.
      if (!run.hasReached) break;
      if (run.hasFailed) runs += 1;
    }
  }
  return {runs, refusedCalls};
}

class FaultRun {
  refusedCalls = 0;
  /** Whether the workload got as far as the operation. */
  hasReached = false;
  hasFailed = false;
  description: string;
  readonly #tested: StoreUnderTest;
  readonly #faultKind: FaultKind;
  readonly #index: number;
  readonly #fileSystem: MemoryFileSystem;
  readonly #oracle: Oracle;
  #isOver = false;

  constructor(tested: StoreUnderTest, faultKind: FaultKind, index: number) {
    this.#tested = tested;
    this.#faultKind = faultKind;
    this.#index = index;
    this.description = `${faultKind.name} at operation ${index}`;
    this.#oracle = new Oracle(tested.capabilities.durable);
    this.#fileSystem = new MemoryFileSystem({
      beforeOperation: (operation) => this.#faultFor(operation),
    });
  }

  async play(workload: readonly Command[][]): Promise<void> {
    const running = await this.#open();
    if (running !== undefined) {
      await this.#playBatches(running, workload);
      await ignoreIoError(running.close());
    }
    const {openFileCount} = this.#fileSystem;
    if (openFileCount > 0)
      throw new Error(`files must be closed in the end, ${openFileCount} are open`);
    this.#isOver = true;
    if (!this.hasFailed) return;
    const {durable, powerSafe} = this.#tested.capabilities;
    await this.#openAndWrite('killed at the end', (fileSystem) => fileSystem.killClone());
    if (!powerSafe || !durable) return;
    await this.#openAndWrite('power cut at the end', (fileSystem) =>
      fileSystem.crashClone(loseUnsynced),
    );
  }

  /** @returns undefined if the fault made it impossible */
  async #open(): Promise<TestedProcess | undefined> {
    try {
      return await TestedProcess.open(this.#tested, this.#fileSystem, this.#oracle);
    } catch (error) {
      checkIoError('open', error);
      this.refusedCalls += 1;
      return undefined;
    }
  }

  async #playBatches(running: TestedProcess, workload: readonly Command[][]): Promise<void> {
    let batchesSinceFault = 0;
    let powerCuts = 0;
    for (const batch of workload) {
      const refusals = await Promise.all(batch.map((command) => running.tryWrite(command)));
      const refused = refusals.filter((refusal) => refusal !== undefined).length;
      this.refusedCalls += refused;
      if (this.hasFailed) batchesSinceFault += 1;
      if (batchesSinceFault > FAULT_BATCHES) this.#isOver = true;
      await this.#checkReads(running);
      if (this.hasFailed && refused < batch.length && powerCuts < POWER_CUTS_MAX) {
        powerCuts += 1;
        await this.#checkPowerCut();
      }
    }
  }

  async #checkReads(running: TestedProcess): Promise<void> {
    const hadFailed = this.hasFailed;
    const mayFail = this.#faultKind.once ? !hadFailed : !this.#isOver;
    try {
      await running.check();
    } catch (error) {
      if (!(error instanceof KvError)) throw error;
      if (!mayFail) {
        throw new Error(`reads must work when the disk does: ${error.message}`, {cause: error});
      }
      checkIoError('get', error);
      this.refusedCalls += 1;
    }
  }

  /** What was acknowledged since the fault does not rely on what the fault destroyed. */
  async #checkPowerCut(): Promise<void> {
    const {durable, powerSafe} = this.#tested.capabilities;
    if (!durable || !powerSafe) return;
    const left = this.#fileSystem.crashClone(loseUnsynced);
    await this.#afterCrash('power cut after a later write', left, this.#oracle.copy());
  }

  /** Crashes, boots, writes, crashes the same way and boots again, on a disk that works. */
  async #openAndWrite(
    when: string,
    crash: (fileSystem: MemoryFileSystem) => MemoryFileSystem,
  ): Promise<void> {
    const oracle = this.#oracle.copy();
    const restarted = await this.#afterCrash(when, crash(this.#fileSystem), oracle);
    await restarted.write({key: 'a', value: 'later'});
    await restarted.write({key: 'h', value: 'later'});
    await this.#afterCrash(`${when}, and once more`, crash(restarted.fileSystem), oracle);
  }

  async #afterCrash(when: string, left: MemoryFileSystem, oracle: Oracle): Promise<TestedProcess> {
    try {
      return await TestedProcess.openAfterCrash(this.#tested, left, oracle);
    } catch (error) {
      throw new Error(`${when}: ${(error as Error).message}`, {cause: error});
    }
  }

  #faultFor(operation: Operation): Fault | undefined {
    if (operation.index >= this.#index) this.hasReached = true;
    const {kinds, once, fault} = this.#faultKind;
    if (this.#isOver || operation.index < this.#index || !kinds.has(operation.kind))
      return undefined;
    if (once && operation.index > this.#index) return undefined;
    // A full disk still lets files be read.
    if (operation.mode === 'read' && fault === shortWrite) return undefined;
    if (!this.hasFailed) this.description += ` (${describeOperation(operation)})`;
    this.hasFailed = true;
    return fault(operation);
  }
}

/** Half of the bytes fit. */
function shortWrite(operation: Operation): Fault {
  return {code: 'ENOSPC', shortWriteBytes: Math.floor((operation.bytes ?? 0) / 2)};
}

function checkIoError(call: string, error: unknown): void {
  if (error instanceof KvError && error.code === 'IO') return;
  throw new Error(`${call}: expected success or a KvError IO, got ${String(error)}`, {
    cause: error,
  });
}

async function ignoreIoError(closing: Promise<void>): Promise<void> {
  try {
    await closing;
  } catch (error) {
    checkIoError('close', error);
  }
}
