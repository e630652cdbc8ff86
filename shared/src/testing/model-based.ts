import * as fc from 'fast-check';
import {
  type ChooseFate,
  keepUnsynced,
  loseUnsynced,
  randomFates,
} from '../memory-file-system/crash-choice.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import {Oracle} from './oracle.ts';
import type {StoreUnderTest} from './store-under-test.ts';
import {describeCommand, TestedProcess} from './tested-process.ts';
import {type Command, WORKLOAD_KEYS} from './workload.ts';

export interface ModelOptions {
  /** @default 60 */
  readonly runs?: number;
  /** @default 60 */
  readonly commandsMax?: number;
  /** These three repeat a failure; fast-check prints them when it finds one. */
  readonly seed?: number;
  readonly path?: string;
  readonly replayPath?: string;
}

/** What the commands act on: the running store. Its oracle is the model. */
interface Real {
  process: TestedProcess;
}

type ModelCommand = fc.AsyncCommand<object, Real>;
type Crash = (fileSystem: MemoryFileSystem) => MemoryFileSystem;

/**
 * Random sequences of writes, bursts of writes at once, clean restarts and
 * crashes in the middle of writes; after each of them everything is read and
 * compared with the oracle, and the store's own invariants are checked.
 * @throws Error with fast-check's seed, path and shortest failing sequence
 */
export async function modelBased(
  tested: StoreUnderTest,
  options: ModelOptions = {},
): Promise<void> {
  const {runs = 60, commandsMax = 60, seed, path, replayPath} = options;
  const property = fc.asyncProperty(
    fc.commands(commandArbitraries(tested), {
      maxCommands: commandsMax,
      size: 'max',
      ...(replayPath === undefined ? {} : {replayPath}),
    }),
    async (commands) => {
      const oracle = new Oracle(tested.capabilities.durable);
      const process = await TestedProcess.open(tested, new MemoryFileSystem(), oracle);
      await fc.asyncModelRun(() => ({model: {}, real: {process}}), commands);
    },
  );
  await fc.assert(property, {
    numRuns: runs,
    includeErrorInReport: true,
    ...(seed === undefined ? {} : {seed}),
    ...(path === undefined ? {} : {path}),
  });
}

function commandArbitraries(tested: StoreUnderTest): fc.Arbitrary<ModelCommand>[] {
  const value = tested.capabilities.deletes
    ? fc.option(valueArbitrary(), {nil: undefined, freq: 3})
    : valueArbitrary();
  const write = fc.record<Command>({key: fc.constantFrom(...WORKLOAD_KEYS), value});
  const burst = fc.uniqueArray(write, {
    minLength: 2,
    maxLength: WORKLOAD_KEYS.length,
    selector: ({key}) => key,
  });
  const single = write.map((command) => writesCommand([command]));
  const crash = fc
    .tuple(burst, fc.nat({max: 12}), crashArbitrary(tested))
    .map(([writes, mutations, [how, take]]) => crashCommand(writes, mutations, how, take));
  // fc.commands draws from these with equal chances: single writes are there more than once.
  return [single, single, single, burst.map(writesCommand), fc.constant(reopenCommand()), crash];
}

function crashArbitrary(tested: StoreUnderTest): fc.Arbitrary<[how: string, take: Crash]> {
  const kill: [string, Crash] = ['kill', (fileSystem) => fileSystem.killClone()];
  if (!tested.capabilities.powerSafe) return fc.constant(kill);
  const powerCut = (how: string, choose: ChooseFate): [string, Crash] => [
    `power cut, ${how}`,
    (fileSystem) => fileSystem.crashClone(choose),
  ];
  return fc.oneof(
    fc.constant(kill),
    fc.constant(powerCut('nothing unsynced kept', loseUnsynced)),
    fc.constant(powerCut('everything kept', keepUnsynced)),
    fc.nat().map((seed) => powerCut(`randomFates(${seed})`, randomFates(seed))),
  );
}

function valueArbitrary(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('7', '007', 'NOT_FOUND', 'null', ' both ends ', '"quoted"', 'back\\slash'),
    fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 64}),
  );
}

function writesCommand(writes: readonly Command[]): ModelCommand {
  return modelCommand(writes.map(describeCommand).join(' | '), async (real) => {
    await Promise.all(writes.map((write) => real.process.write(write)));
  });
}

function reopenCommand(): ModelCommand {
  return modelCommand('close and open', async (real) => {
    const {tested, fileSystem, oracle} = real.process;
    await real.process.close();
    // What a store that is not durable loses by a crash, it may lose by a stop.
    real.process = await TestedProcess.openAfterCrash(tested, fileSystem, oracle);
  });
}

/** Crashes when `writes` are under way and have changed files `mutations` times. */
function crashCommand(
  writes: readonly Command[],
  mutations: number,
  how: string,
  take: Crash,
): ModelCommand {
  const description = `${how} after ${mutations} changes of ${writes.map(describeCommand).join(' | ')}`;
  return modelCommand(description, async (real) => {
    const {tested, fileSystem, oracle} = real.process;
    let left: MemoryFileSystem | undefined;
    let oracleThen = oracle;
    let mutationsLeft = mutations;
    const crashNow = (): void => {
      left = take(fileSystem);
      oracleThen = oracle.copy();
      fileSystem.crash();
    };
    fileSystem.setHooks({
      afterMutation: () => {
        mutationsLeft -= 1;
        if (mutationsLeft === 0) crashNow();
      },
    });
    await Promise.allSettled(writes.map((write) => real.process.write(write)));
    if (left === undefined) crashNow();
    await real.process.abandon();
    real.process = await TestedProcess.openAfterCrash(tested, left ?? take(fileSystem), oracleThen);
  });
}

function modelCommand(description: string, run: (real: Real) => Promise<void>): ModelCommand {
  return {
    check: () => true,
    run: async (_, real) => {
      await run(real);
      await real.process.check();
    },
    toString: () => description,
  };
}
