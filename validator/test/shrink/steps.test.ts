import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {describe, expect, it} from 'vitest';
import {toInstructions, toSteps} from '../../src/shrink/steps.ts';

function parse(lines: readonly string[]): Instruction[] {
  return lines.map((line, index) => {
    const instruction = parseLine(line, index + 1, 'test');
    if (instruction === undefined) throw new Error(`no instruction: ${line}`);
    return instruction;
  });
}

/** What is left of the lines without those at these indices. */
function without(lines: readonly string[], ...indices: number[]): string[] {
  const steps = toSteps(parse(lines)).filter((_, index) => !indices.includes(index));
  return toInstructions(steps).map(formatLine);
}

describe('steps', () => {
  const lines = ['PUT a 1', 'BARRIER', 'PUT b 1', 'PUT c 1', 'PUT d 1', 'KILL AFTER 2', 'PUT e 1'];

  it('are the instructions again if none is left out', () => {
    expect(without(lines)).toEqual(lines);
  });

  it('let a crash strike behind what is left of its requests', () => {
    expect(without(lines, 2)).toContain('KILL AFTER 1');
    expect(without(lines, 3)).toContain('KILL AFTER 1');
    expect(without(lines, 4)).toContain('KILL AFTER 2');
    expect(without(lines, 2, 3)).toContain('KILL');
  });

  it('let it strike where it did when the block before joins in', () => {
    expect(without(lines, 1)).toEqual([
      'PUT a 1',
      'PUT b 1',
      'PUT c 1',
      'PUT d 1',
      'KILL AFTER 3',
      'PUT e 1',
    ]);
  });
});
