/** Cuts a replay that fails to a small one that fails in the same way. */
import {withExpectations} from '@kv-workshop/fixtures/expectations';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {type FailsAgain, type FailsAgainOptions, failsAgain} from './fails-again.ts';
import {minimize} from './minimize.ts';
import {type Rate, triesFor} from './rate.ts';
import type {Outcome} from './rerun.ts';
import {type Step, toInstructions} from './steps.ts';
import {thinnedLists} from './thinned.ts';

/** Of the result, to tell how often it fails. */
const CONFIRMATIONS = {always: 3, intermittent: 10};
/** Share of the time for leaving out; the rest is for the confirmations. */
const SHORTER_UNTIL = 0.75;

export interface ShrinkOptions extends FailsAgainOptions {
  /** Told each time that it has become shorter. */
  readonly onShorter?: (instructions: number) => void;
}

export interface Shrunk {
  /** With what each read must answer; the last one is the one that goes wrong. */
  readonly instructions: readonly Instruction[];
  /** How it fails, as the replay of everything did. */
  readonly what: string;
  /** Without any one of its lines it was not seen to fail, and with them it always was. */
  readonly isMinimal: boolean;
  /** Some replays of it, or of fewer lines, have passed where others have failed. */
  readonly isIntermittent: boolean;
  /** How often it failed when it was repeated. */
  readonly rate: Rate;
}

/** It was replayed again and did not fail. */
export interface NotAgain {
  readonly instructions: undefined;
  readonly rate: Rate;
}

/** REQUIRES: at least one instruction. */
export async function shrink(options: ShrinkOptions): Promise<Shrunk | NotAgain> {
  const found = await failsAgain(options);
  if (!('what' in found)) return {instructions: undefined, rate: found};
  return await new Shrinker(options, found).shrink();
}

class Shrinker {
  readonly #options: ShrinkOptions;
  readonly #found: FailsAgain;
  /** Lists that failed at least once, each shorter than the one before it. */
  readonly #failed: (readonly Step[])[] = [];
  /** Of some shorter list it is not known whether it fails. */
  #wasCutOff = false;

  constructor(options: ShrinkOptions, found: FailsAgain) {
    this.#options = options;
    this.#found = found;
  }

  async shrink(): Promise<Shrunk> {
    const {steps, isThin, what} = this.#found;
    const last = steps.slice(-1);
    const start = isThin ? steps : await this.#goodStart(steps);
    const {isMinimal} = await minimize(start.slice(0, -1), {
      fails: (items) => this.#fails([...items, ...last]),
      isOver: () => this.#options.spent() >= SHORTER_UNTIL,
    });
    const {steps: shortest, rate, isIntermittent} = await this.#confirmed();
    const isCertain = !this.#wasCutOff && !isIntermittent && rate.runs > 1;
    return {
      instructions: instructionsOf(shortest),
      what,
      isMinimal: isMinimal && isCertain,
      isIntermittent,
      rate,
    };
  }

  /** Whole groups that rarely matter, before anything is tried in parts. */
  async #goodStart(steps: readonly Step[]): Promise<readonly Step[]> {
    for (const fewer of thinnedLists(steps)) {
      if (this.#options.spent() >= SHORTER_UNTIL) break;
      if (await this.#fails(fewer)) return fewer;
    }
    return steps;
  }

  /** What fails only now and then gets several chances each time. */
  async #fails(steps: readonly Step[]): Promise<boolean> {
    const {rate, isIntermittent} = this.#found;
    const tries = Math.max(triesFor(rate), isIntermittent ? rate.runs : 1);
    for (let attempt = 0; attempt < tries; attempt++) {
      const seen = await this.#run(steps);
      if (seen === 'cut-off') {
        this.#wasCutOff = true;
        return false;
      }
      if (!this.#isIt(seen)) continue;
      this.#failed.push(steps);
      this.#options.onShorter?.(steps.length);
      return true;
    }
    return false;
  }

  /**
   * A list that failed once may have done so by chance. The shortest that fails
   * at least half as often as everything did is the result: if the last one does
   * not, longer ones are asked, in ever larger steps.
   */
  async #confirmed(): Promise<Pick<FailsAgain, 'steps' | 'rate' | 'isIntermittent'>> {
    const all = this.#found;
    let {isIntermittent} = all;
    for (let back = 1; back <= this.#failed.length; back *= 2) {
      const steps = this.#failed.at(-back) ?? all.steps;
      const rate = await this.#measure(steps, isIntermittent);
      if (rate.runs === 0 && isIntermittent) break;
      // No time is left. Seen once is enough for what has always failed.
      if (rate.runs === 0) return {steps, rate: {failed: 1, runs: 1}, isIntermittent};
      isIntermittent ||= rate.failed < rate.runs;
      if (rate.failed * all.rate.runs * 2 >= all.rate.failed * rate.runs) {
        return {steps, rate, isIntermittent};
      }
    }
    const rate = await this.#measure(all.steps, isIntermittent, all.rate);
    isIntermittent ||= rate.failed < rate.runs;
    return {steps: all.steps, rate, isIntermittent};
  }

  /** @param seen replays of it so far */
  async #measure(
    steps: readonly Step[],
    isIntermittent: boolean,
    seen: Rate = {failed: 0, runs: 0},
  ): Promise<Rate> {
    const runsMax = isIntermittent ? CONFIRMATIONS.intermittent : CONFIRMATIONS.always;
    let {failed, runs} = seen;
    while (runs < runsMax && this.#options.spent() < 1) {
      const outcome = await this.#run(steps);
      if (outcome === 'cut-off') break;
      runs += 1;
      if (this.#isIt(outcome)) failed += 1;
    }
    return {failed, runs};
  }

  async #run(steps: readonly Step[]): Promise<Outcome> {
    return await this.#options.run(instructionsOf(steps), 1);
  }

  #isIt(seen: Outcome): boolean {
    return typeof seen === 'object' && seen.what === this.#found.what;
  }
}

function instructionsOf(steps: readonly Step[]): Instruction[] {
  return withExpectations(toInstructions(steps));
}
