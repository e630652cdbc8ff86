/** The instructions of a fixture as parts that can be left out one by one. */
import type {Instruction, Kill} from '@kv-workshop/fixtures/instruction';

export interface Step {
  readonly instruction: Instruction;
  /** It is one of the n requests of its block that KILL AFTER n lets through. */
  readonly isSentBeforeCrash: boolean;
}

/** REQUIRES: no KILL AFTER is beyond its block. */
export function toSteps(instructions: readonly Instruction[]): Step[] {
  const steps: Step[] = [];
  for (const block of blocksOf(instructions)) {
    const end = block.at(-1);
    const sent = end?.op === 'kill' ? (end.afterRequests ?? 0) : 0;
    for (const [index, instruction] of block.entries()) {
      steps.push({instruction, isSentBeforeCrash: index < sent});
    }
  }
  return steps;
}

/**
 * Back to instructions: each KILL AFTER strikes behind the last of its requests
 * that are left. Lines, and what reads demand, are as they were.
 */
export function toInstructions(steps: readonly Step[]): Instruction[] {
  const instructions: Instruction[] = [];
  let requests = 0;
  let sent = 0;
  for (const {instruction, isSentBeforeCrash} of steps) {
    if (!endsBlock(instruction)) {
      requests += 1;
      if (isSentBeforeCrash) sent = requests;
      instructions.push(instruction);
      continue;
    }
    instructions.push(instruction.op === 'kill' ? killAfter(instruction, sent) : instruction);
    requests = 0;
    sent = 0;
  }
  return instructions;
}

function killAfter(kill: Kill, sent: number): Kill {
  if (kill.afterRequests === undefined) return kill;
  return {...kill, afterRequests: sent === 0 ? undefined : sent};
}

/** Each with the instruction that ends it, the last perhaps without. */
function* blocksOf(instructions: readonly Instruction[]): Generator<readonly Instruction[]> {
  let block: Instruction[] = [];
  for (const instruction of instructions) {
    block.push(instruction);
    if (!endsBlock(instruction)) continue;
    yield block;
    block = [];
  }
  yield block;
}

function endsBlock({op}: Instruction): boolean {
  return op === 'barrier' || op === 'kill' || op === 'restart';
}
