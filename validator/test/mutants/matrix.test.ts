import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {expectGolden} from '../golden.ts';
import {MUTANTS} from './catalogue.ts';
import {formatMatrix, type Matrix, parseMatrix, problemsOf} from './matrix.ts';
import type {Mutant} from './mutant.ts';

const FILE = new URL('../golden/matrix.txt', import.meta.url);

const mutant = (name: string, caughtBy: string): Mutant => {
  return {name, week: 2, bug: 'it is wrong', caughtBy, edits: []};
};
const FEW = [mutant('a-bug', 'newest-wins'), mutant('another', 'flush-readback')];

describe('the matrix', () => {
  it('has no row of what is not there any more', () => {
    const matrix = parseMatrix(readFileSync(FILE, 'utf8'));
    expectGolden('matrix.txt', formatMatrix(matrix, MUTANTS));
  });

  it('has each mutant failed by its check, and no reference by any', () => {
    expect(problemsOf(parseMatrix(readFileSync(FILE, 'utf8')), MUTANTS)).toEqual([]);
  });

  it('reads what it writes', () => {
    const matrix: Matrix = new Map([
      ['reference-1', []],
      ['reference-2', ['kill-twice']],
      ['a-bug', ['newest-wins', 'flush-readback']],
      ['another', ['kill-twice']],
    ]);
    expect(parseMatrix(formatMatrix(matrix, FEW))).toEqual(matrix);
  });

  it('says what is wrong with a row', () => {
    const matrix: Matrix = new Map([
      ['reference-2', ['kill-twice']],
      ['a-bug', ['flush-readback']],
      ['another', ['flush-readback', 'no-such-check']],
    ]);
    expect(problemsOf(matrix, FEW)).toEqual([
      'another: there is no check no-such-check',
      'a-bug: newest-wins does not fail it',
      'reference-2: failed by kill-twice',
    ]);
  });
});
