/** Looks for the smallest replay of a failure, within its time, and saves it. */
import {performance} from 'node:perf_hooks';
import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import type {SmallestReplay} from '../grade/failure-result.ts';
import type {RunFolder} from '../server/run-folder.ts';
import type {Rate} from './rate.ts';
import {HANG, Rerun} from './rerun.ts';
import {type NotAgain, type Shrunk, shrink} from './shrink.ts';
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
  /** For all of it. */
  readonly budgetMs: number;
  /** The last instruction was never answered: each replay that fails waits for it. */
  readonly isHang: boolean;
  readonly onProgress: (text: string) => void;
}

const LINES_KEPT_MAX = 60;
/** Time to see that the last request alone is never answered, and to see it again. */
const HANG_BUDGET_MS_MIN = 30_000;
/** Share of the time for a source, if another is left. */
const FIND_BY = 0.5;

const NOTHING = {lineCount: 0, lines: [], isMinimal: false, isSmall: false};

/** @throws GraderError if this machine is at fault */
export async function smallestReplay(options: SmallestReplayOptions): Promise<SmallestReplay> {
  const {sources, budgetMs, isHang} = options;
  const end = performance.now() + budgetMs;
  let runs = 0;
  let notAgain: Rate = {failed: 0, runs: 0};
  if (isHang && budgetMs < HANG_BUDGET_MS_MIN) return {...NOTHING, rate: notAgain, runs};
  for (const [index, source] of sources.entries()) {
    const findBy = index === sources.length - 1 ? 1 : FIND_BY;
    const result = await shrinkOn(source, options, end, findBy);
    runs += result.runs;
    if (result.instructions !== undefined) {
      const {rate, isMinimal, isIntermittent, instructions} = result;
      const lineCount = instructions.length;
      const lines = lineCount <= LINES_KEPT_MAX ? instructions.map(formatLine) : [];
      const found = {lineCount, lines, isMinimal, isSmall: source.isSmall, rate, runs};
      return {...found, ...(isIntermittent ? {isIntermittent} : {}), ...save(options, result)};
    }
    notAgain = {failed: 0, runs: notAgain.runs + result.rate.runs};
  }
  return {...NOTHING, rate: notAgain, runs};
}

async function shrinkOn(
  source: Source,
  {instructions, runFolder, isHang, onProgress}: SmallestReplayOptions,
  end: number,
  findBy: number,
): Promise<(Shrunk | NotAgain) & {readonly runs: number}> {
  const begin = performance.now();
  const rerun = new Rerun(source, runFolder);
  let shortest = instructions.length;
  const result = await shrink({
    instructions,
    run: async (candidate, until) => {
      const leftMs = begin + until * (end - begin) - performance.now();
      if (leftMs <= 0) return 'cut-off';
      onProgress(`${shortest} lines, replay ${rerun.runs + 1}`);
      return await rerun.run(candidate, AbortSignal.timeout(Math.ceil(leftMs)));
    },
    spent: () => (performance.now() - begin) / Math.max(1, end - begin),
    // Where a memtable holds a few entries, thousands of requests are thousands of flushes.
    startsThin: isHang || source.isSmall,
    ...(isHang ? {what: HANG} : {}),
    findBy,
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
