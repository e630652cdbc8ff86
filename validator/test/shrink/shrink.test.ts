import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {describe, expect, it} from 'vitest';
import type {Observed} from '../../src/shrink/rerun.ts';
import {shrink} from '../../src/shrink/shrink.ts';

function parse(lines: readonly string[]): Instruction[] {
  return lines.map((line, index) => {
    const instruction = parseLine(line, index + 1, 'test');
    if (instruction === undefined) throw new Error(`no instruction: ${line}`);
    return instruction;
  });
}

/** A server that forgets at a restart what it holds beyond its first two keys. */
function forgetful(instructions: readonly Instruction[]): Observed | undefined {
  let stored = new Map<string, string>();
  for (const {line, ...instruction} of instructions) {
    if (instruction.op === 'put') stored.set(instruction.key, instruction.value);
    if (instruction.op === 'restart') stored = new Map([...stored].slice(0, 2));
    if (instruction.op !== 'get') continue;
    const value = stored.get(instruction.key) ?? null;
    if (!instruction.expected.includes(value)) return {what: 'get: wrong', line};
  }
  return undefined;
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
const LINES = [
  ...LETTERS.flatMap((letter) => [`PUT ${letter} 1`, `GET ${letter} 1`, `PUT ${letter} 2`]),
  'RESTART',
  'GET a 2',
  'RESTART',
  'GET m 2',
];

describe('shrink', () => {
  it('keeps what it takes to fail, and says what must be answered', async () => {
    const run = async (instructions: readonly Instruction[]) => forgetful(instructions);
    const shrunk = await shrink({instructions: parse(LINES), run, isOver: () => false});
    expect(shrunk.instructions).toHaveLength(5);
    const lines = shrunk.instructions?.map(formatLine) ?? [];
    expect(lines.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
    expect(lines.slice(-2)[0]).toBe('RESTART');
    expect(lines.at(-1)).toMatch(/^GET m [12]$/);
    expect(shrunk).toMatchObject({isMinimal: true, rate: {failed: 3, runs: 3}});
  });

  it('is content with what it has when the time is up', async () => {
    let runs = 0;
    const run = async (instructions: readonly Instruction[]) => {
      runs += 1;
      return forgetful(instructions);
    };
    const shrunk = await shrink({instructions: parse(LINES), run, isOver: () => runs > 3});
    expect(shrunk).toMatchObject({
      isMinimal: false,
      what: 'get: wrong',
      rate: {failed: 1, runs: 1},
    });
    expect(forgetful(shrunk.instructions ?? [])).toBeDefined();
  });

  it('does not take another failure for the same', async () => {
    const run = async (instructions: readonly Instruction[]): Promise<Observed | undefined> => {
      const seen = forgetful(instructions);
      return instructions.length < 20 && seen !== undefined ? {...seen, what: 'other'} : seen;
    };
    const shrunk = await shrink({instructions: parse(LINES), run, isOver: () => false});
    expect(shrunk.instructions).toHaveLength(20);
  });

  it('gives what fails now and then several chances, and tells the rate', async () => {
    let runs = 0;
    const run = async (instructions: readonly Instruction[]) => {
      runs += 1;
      return runs % 2 === 0 ? forgetful(instructions) : undefined;
    };
    const shrunk = await shrink({instructions: parse(LINES), run, isOver: () => false});
    expect(shrunk.instructions).toHaveLength(5);
    expect(shrunk.rate.runs).toBe(3);
    expect([1, 2]).toContain(shrunk.rate.failed);
  });

  it('says so if it does not fail again', async () => {
    const run = async () => undefined;
    const shrunk = await shrink({instructions: parse(LINES), run, isOver: () => false});
    expect(shrunk).toEqual({instructions: undefined, rate: {failed: 0, runs: 5}});
  });
});
