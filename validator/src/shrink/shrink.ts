/** Cuts a replay that fails to a small one that fails in the same way. */
import {withExpectations} from '@kv-workshop/fixtures/expectations';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {minimize} from './minimize.ts';
import type {Observed} from './rerun.ts';
import {type Step, toInstructions, toSteps} from './steps.ts';

/** Replays of what failed once, before it counts as not failing again. */
const TRIES_MAX = 5;
/** Of the result, to tell how often it fails. */
const CONFIRMATIONS = 3;

export interface ShrinkOptions {
  /** What failed, and nothing behind it: its last instruction is the one that went wrong. */
  readonly instructions: readonly Instruction[];
  /** Replays on a new server; undefined if all was right. */
  readonly run: (instructions: readonly Instruction[]) => Promise<Observed | undefined>;
  /** True once the time is up. */
  readonly isOver: () => boolean;
  /** Told each time that it has become shorter. */
  readonly onShorter?: (instructions: number) => void;
}

export interface Shrunk {
  /** With what each read must answer; the last one is the one that goes wrong. */
  readonly instructions: readonly Instruction[];
  /** How it fails, as the replay of everything did. */
  readonly what: string;
  /** Without any one of its lines it was not seen to fail. */
  readonly isMinimal: boolean;
  /** How often it failed when it was repeated at the end. */
  readonly rate: Rate;
}

/** It was replayed again and did not fail. */
export interface NotAgain {
  readonly instructions: undefined;
  readonly rate: Rate;
}

export interface Rate {
  readonly failed: number;
  readonly runs: number;
}

/** How many of the requests about other keys to leave between those about the key. */
const OTHERS_BETWEEN = [0, 20, 100, 500];

/** REQUIRES: at least one instruction. */
export async function shrink(options: ShrinkOptions): Promise<Shrunk | NotAgain> {
  const {instructions, run, isOver} = options;
  let tries = 0;
  let first: Observed | undefined;
  while (first === undefined && tries < TRIES_MAX && !(tries > 0 && isOver())) {
    tries += 1;
    first = await run(withExpectations(instructions));
  }
  if (first === undefined) return {instructions: undefined, rate: {failed: 0, runs: tries}};
  // What fails only now and then gets several chances each time.
  const shrinker = new Shrinker(options, first.what, tries);
  return await shrinker.shrink(instructions.slice(0, first.line));
}

class Shrinker {
  readonly #options: ShrinkOptions;
  readonly #what: string;
  readonly #tries: number;
  #shortest = Number.POSITIVE_INFINITY;

  constructor(options: ShrinkOptions, what: string, tries: number) {
    this.#options = options;
    this.#what = what;
    this.#tries = tries;
  }

  async shrink(instructions: readonly Instruction[]): Promise<Shrunk> {
    const steps = toSteps(instructions);
    const last = steps.slice(-1);
    const fails = (items: readonly Step[]): Promise<boolean> => this.#fails([...items, ...last]);
    const {isOver} = this.#options;
    const start = await this.#goodStart(steps.slice(0, -1), last[0]?.instruction, fails);
    const {items, isMinimal} = await minimize(start, {fails, isOver});
    const result = withExpectations(toInstructions([...items, ...last]));
    return {instructions: result, what: this.#what, isMinimal, rate: await this.#confirm(result)};
  }

  /** Whole groups that rarely matter, before anything is tried in parts. */
  async #goodStart(
    steps: readonly Step[],
    failing: Instruction | undefined,
    fails: (items: readonly Step[]) => Promise<boolean>,
  ): Promise<readonly Step[]> {
    const key = failing !== undefined && 'key' in failing ? failing.key : undefined;
    const writes = steps.filter(({instruction: {op}}) => op !== 'get' && op !== 'scan');
    const candidates = [...OTHERS_BETWEEN.map((others) => thinned(writes, key, others)), writes];
    for (const fewer of candidates) {
      if (fewer.length === steps.length || this.#options.isOver()) continue;
      if (await fails(fewer)) return fewer;
    }
    return steps;
  }

  async #fails(steps: readonly Step[]): Promise<boolean> {
    const instructions = withExpectations(toInstructions(steps));
    for (let attempt = 0; attempt < this.#tries; attempt++) {
      const seen = await this.#options.run(instructions);
      if (seen?.what !== this.#what) continue;
      if (instructions.length < this.#shortest) {
        this.#shortest = instructions.length;
        this.#options.onShorter?.(this.#shortest);
      }
      return true;
    }
    return false;
  }

  /** At least once, whatever the time: what is reported has been seen. */
  async #confirm(instructions: readonly Instruction[]): Promise<Rate> {
    let failed = 0;
    let runs = 0;
    do {
      runs += 1;
      if ((await this.#options.run(instructions))?.what === this.#what) failed += 1;
    } while (runs < CONFIRMATIONS && !this.#options.isOver());
    return {failed, runs};
  }
}

/**
 * What is about the key, the ends of blocks, and the first of the others between
 * them: where it takes a flush to fail, it rarely matters what else is flushed.
 */
function thinned(steps: readonly Step[], key: string | undefined, others: number): Step[] {
  let between = 0;
  return steps.filter(({instruction}) => {
    if ('key' in instruction && instruction.key !== key) return ++between <= others;
    between = 0;
    return true;
  });
}
