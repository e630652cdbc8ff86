/** Sees a failure again, and how often it comes, before anything is left out. */
import {withExpectations} from '@kv-workshop/fixtures/expectations';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import type {Rate} from './rate.ts';
import type {Outcome} from './rerun.ts';
import {type Step, toInstructions, toSteps} from './steps.ts';
import {thinnedLists} from './thinned.ts';

/** Replays of what failed once, before it counts as not failing again. */
const TRIES = 5;
/** Replays that fail in the same way, before they are thought to do so always. */
const ALIKE = 3;
/** Share of the time for it: the first replay comes in any case. */
const MEASURED_BY = 0.3;

export interface FailsAgainOptions {
  /** What failed, and nothing behind it: its last instruction is the one that went wrong. */
  readonly instructions: readonly Instruction[];
  /** Replays on a new server, for as long as no more than a share of the time is spent. */
  readonly run: (instructions: readonly Instruction[], until: number) => Promise<Outcome>;
  /** The share of the time that is spent: 1 for all of it. */
  readonly spent: () => number;
  /** A replay of everything takes long: a few instructions are tried first. */
  readonly startsThin?: boolean;
  /** How it must fail. @default as it does when it is replayed */
  readonly what?: string;
  /** Share of the time after which it counts as not failing again. @default 1 */
  readonly findBy?: number;
}

export interface FailsAgain {
  /** All of the instructions, or some that fail as well. */
  readonly steps: readonly Step[];
  /** Some were left out already. */
  readonly isThin: boolean;
  /** How it fails. */
  readonly what: string;
  readonly rate: Rate;
  /** It does not fail at the same line each time, or does not always fail. */
  readonly isIntermittent: boolean;
}

/** @returns a rate alone if it did not fail */
export async function failsAgain(options: FailsAgainOptions): Promise<FailsAgain | Rate> {
  const {instructions, run, spent, startsThin = false, findBy = 1} = options;
  const all = toSteps(instructions);
  const lists = startsThin ? [all.slice(-1), ...thinnedLists(all), all] : [all];
  let passed = 0;
  let isFirst = true;
  for (const steps of lists) {
    const isThin = steps.length < all.length;
    for (let attempt = 1; attempt <= (isThin ? 1 : TRIES); attempt++) {
      if (!isFirst && spent() >= findBy) return {failed: 0, runs: passed};
      isFirst = false;
      const seen = await run(withExpectations(toInstructions(steps)), findBy);
      if (seen === 'cut-off') return {failed: 0, runs: passed};
      if (seen !== 'right' && seen.what === (options.what ?? seen.what)) {
        const measured = await measure(steps, {...seen, runs: attempt}, options);
        return {...measured, isThin, what: seen.what};
      }
      passed += 1;
    }
  }
  return {failed: 0, runs: passed};
}

/** @param first the first failure, and how many replays it took */
async function measure(
  steps: readonly Step[],
  first: {readonly what: string; readonly line: number; readonly runs: number},
  {run, spent}: FailsAgainOptions,
): Promise<Pick<FailsAgain, 'steps' | 'rate' | 'isIntermittent'>> {
  const instructions = withExpectations(toInstructions(steps));
  let failed = 1;
  let {runs} = first;
  let isIntermittent = runs > 1;
  while (runs < (isIntermittent ? TRIES : ALIKE) && spent() < MEASURED_BY) {
    const seen = await run(instructions, 1);
    if (seen === 'cut-off') break;
    runs += 1;
    if (seen !== 'right' && seen.what === first.what) failed += 1;
    if (seen === 'right' || seen.what !== first.what || seen.line !== first.line) {
      isIntermittent = true;
    }
  }
  // What fails here today may fail elsewhere tomorrow: nothing is cut off then.
  const kept = isIntermittent ? steps : toSteps(instructions.slice(0, first.line));
  return {steps: kept, rate: {failed, runs}, isIntermittent};
}
