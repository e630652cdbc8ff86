import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {SeededRandom} from '@kv-workshop/shared/seeded-random';
import {describe, expect, it} from 'vitest';
import type {Outcome} from '../../src/shrink/rerun.ts';
import {type ShrinkOptions, shrink} from '../../src/shrink/shrink.ts';

function parse(lines: readonly string[]): Instruction[] {
  return lines.map((line, index) => {
    const instruction = parseLine(line, index + 1, 'test');
    if (instruction === undefined) throw new Error(`no instruction: ${line}`);
    return instruction;
  });
}

/** A server that forgets at a restart what it holds beyond its first two keys. */
function forgetful(instructions: readonly Instruction[]): Outcome {
  let stored = new Map<string, string>();
  for (const {line, ...instruction} of instructions) {
    if (instruction.op === 'put') stored.set(instruction.key, instruction.value);
    if (instruction.op === 'restart') stored = new Map([...stored].slice(0, 2));
    if (instruction.op !== 'get') continue;
    const value = stored.get(instruction.key) ?? null;
    if (!instruction.expected.includes(value)) return {what: 'get: wrong', line};
  }
  return 'right';
}

/** Answers each read of a written key wrongly at a rate. */
function flakyReads(rate: number, seed: number) {
  const random = new SeededRandom(seed);
  return (instructions: readonly Instruction[]): Outcome => {
    for (const {op, line} of instructions) {
      if (op === 'get' && random.next() < rate) return {what: 'get: wrong', line};
    }
    return 'right';
  };
}

/** Forgets as above, but only on a share of its starts. */
function flakyStarts(rate: number, seed: number) {
  const random = new SeededRandom(seed);
  return (instructions: readonly Instruction[]): Outcome =>
    random.next() < rate ? forgetful(instructions) : 'right';
}

/** With a clock of replays: so many are the whole time. */
async function shrinkFor(
  replays: number,
  server: (instructions: readonly Instruction[]) => Outcome,
  options: Partial<ShrinkOptions> = {},
) {
  let runs = 0;
  return await shrink({
    instructions: parse(LINES),
    spent: () => runs / replays,
    run: async (instructions) => {
      runs += 1;
      return server(instructions);
    },
    ...options,
  });
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
const LINES = [
  ...LETTERS.flatMap((letter) => [`PUT ${letter} 1`, `GET ${letter} 1`, `PUT ${letter} 2`]),
  'RESTART',
  'GET a 2',
  'RESTART',
  'GET m 2',
];

const SEEDS = Array.from({length: 20}, (_, index) => index + 1);

describe('shrink', () => {
  it('keeps what it takes to fail, and says what must be answered', async () => {
    const shrunk = await shrinkFor(1_000, forgetful);
    expect(shrunk.instructions).toHaveLength(5);
    const lines = shrunk.instructions?.map(formatLine) ?? [];
    expect(lines.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
    expect(lines.slice(-2)[0]).toBe('RESTART');
    expect(lines.at(-1)).toMatch(/^GET m [12]$/);
    expect(shrunk).toMatchObject({
      isMinimal: true,
      isIntermittent: false,
      rate: {failed: 3, runs: 3},
    });
  });

  it('is content with what it has when the time is up', async () => {
    const shrunk = await shrinkFor(6, forgetful);
    expect(shrunk).toMatchObject({isMinimal: false, what: 'get: wrong', isIntermittent: false});
    expect(forgetful(shrunk.instructions ?? [])).toMatchObject({what: 'get: wrong'});
  });

  it('does not take another failure for the same', async () => {
    const shrunk = await shrinkFor(1_000, (instructions) => {
      const seen = forgetful(instructions);
      return instructions.length < 20 && seen !== 'right' ? {what: 'other', line: 1} : seen;
    });
    expect(shrunk.instructions).toHaveLength(20);
  });

  it.each(SEEDS)(
    'never calls minimal what fails on a third of all starts, seed %i',
    async (seed) => {
      const shrunk = await shrinkFor(200, flakyStarts(0.3, seed));
      if (shrunk.instructions === undefined) {
        expect(shrunk.rate).toEqual({failed: 0, runs: 5});
        return;
      }
      expect(shrunk).toMatchObject({isMinimal: false, isIntermittent: true});
      // A list that cannot fail would have been the result of luck.
      expect(forgetful(shrunk.instructions)).toMatchObject({what: 'get: wrong'});
      expect(shrunk.rate.failed).toBeGreaterThan(0);
    },
  );

  it.each(SEEDS)(
    'keeps the longer list if the short one failed by chance, seed %i',
    async (seed) => {
      const reads = LETTERS.flatMap((key) => Array.from({length: 8}, () => `GET ${key} 1`));
      const instructions = parse([...LETTERS.map((key) => `PUT ${key} 1`), ...reads]);
      const shrunk = await shrinkFor(100, flakyReads(0.02, seed), {instructions});
      expect(shrunk).toMatchObject({isMinimal: false, isIntermittent: true});
      expect(shrunk.rate.failed * 3).toBeGreaterThan(shrunk.rate.runs);
    },
  );

  it('says so if it does not fail again', async () => {
    const shrunk = await shrinkFor(1_000, () => 'right');
    expect(shrunk).toEqual({instructions: undefined, rate: {failed: 0, runs: 5}});
  });

  it('does not count what was cut off as passed', async () => {
    const never = await shrinkFor(1_000, () => 'cut-off');
    expect(never).toEqual({instructions: undefined, rate: {failed: 0, runs: 0}});

    // The two first keys alone cannot be seen to pass.
    const partly = await shrinkFor(1_000, (instructions) => {
      return instructions.length < 5 ? 'cut-off' : forgetful(instructions);
    });
    expect(partly.instructions).toHaveLength(5);
    expect(partly).toMatchObject({isMinimal: false, isIntermittent: false});
  });

  it('starts with a few instructions where all of them take long', async () => {
    const lengths: number[] = [];
    const server = (instructions: readonly Instruction[]): Outcome => {
      lengths.push(instructions.length);
      const line = instructions.length;
      return instructions.some(({op}) => op === 'put') ? {what: 'hang', line} : 'right';
    };
    const shrunk = await shrinkFor(1_000, server, {startsThin: true, what: 'hang'});
    expect(lengths.slice(0, 4)).toEqual([1, 5, 5, 5]);
    expect(Math.max(...lengths)).toBe(5);
    expect(shrunk.instructions).toHaveLength(2);
  });
});
