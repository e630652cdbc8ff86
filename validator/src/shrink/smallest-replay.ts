/** Looks for the smallest replay of a failure, within its time, and saves it. */
import {performance} from 'node:perf_hooks';
import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import type {SmallestReplay} from '../grade/failure-result.ts';
import type {RunFolder} from '../server/run-folder.ts';
import {Rerun} from './rerun.ts';
import {type NotAgain, type Rate, type Shrunk, shrink} from './shrink.ts';
import type {Source} from './small-source.ts';
import {type ReplayFile, writeReplay} from './write-replay.ts';

export interface SmallestReplayOptions {
  /** What failed, to its last instruction. */
  readonly instructions: readonly Instruction[];
  /** What to save it as. */
  readonly file: ReplayFile;
  /** Servers to try: the first on which it fails again is the one that is used. */
  readonly sources: readonly Source[];
  readonly runFolder: RunFolder;
  readonly budgetMs: number;
  readonly onProgress: (text: string) => void;
}

const LINES_KEPT_MAX = 60;
/** Beyond the budget, for the last replays and to see the result confirmed. */
const GRACE_FACTOR = 2;

/** @throws GraderError if this machine is at fault */
export async function smallestReplay(options: SmallestReplayOptions): Promise<SmallestReplay> {
  const end = performance.now() + options.budgetMs;
  let runs = 0;
  let notAgain: Rate = {failed: 0, runs: 0};
  for (const source of options.sources) {
    const result = await shrinkOn(source, options, end);
    runs += result.runs;
    if (result.instructions !== undefined) {
      const {rate, isMinimal, instructions} = result;
      const lineCount = instructions.length;
      const lines = lineCount <= LINES_KEPT_MAX ? instructions.map(formatLine) : [];
      const found = {lineCount, lines, isMinimal, isSmall: source.isSmall, rate, runs};
      return {...found, ...save(options, result)};
    }
    notAgain = result.rate;
  }
  return {lineCount: 0, lines: [], isMinimal: false, isSmall: false, rate: notAgain, runs};
}

async function shrinkOn(
  source: Source,
  {instructions, runFolder, budgetMs, onProgress}: SmallestReplayOptions,
  end: number,
): Promise<(Shrunk | NotAgain) & {readonly runs: number}> {
  const rerun = new Rerun(source, runFolder, AbortSignal.timeout(GRACE_FACTOR * budgetMs));
  let shortest = instructions.length;
  const result = await shrink({
    instructions,
    run: async (candidate) => {
      onProgress(`${shortest} lines, replay ${rerun.runs + 1}`);
      return await rerun.run(candidate);
    },
    isOver: () => performance.now() > end,
    onShorter: (count) => {
      shortest = count;
    },
  });
  return {...result, runs: rerun.runs};
}

/** A folder that cannot be written to costs the file, and nothing else. */
function save({file}: SmallestReplayOptions, {instructions, what}: Shrunk) {
  try {
    return {path: writeReplay(file, instructions, what)};
  } catch (error) {
    return {problem: `not saved: ${(error as Error).message}`};
  }
}
