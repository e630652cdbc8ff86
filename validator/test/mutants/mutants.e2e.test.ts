import {expect, it} from 'vitest';
import {EXIT} from '../../src/verdict.ts';
import {expectGolden} from '../golden.ts';
import {mutantFolder} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';
import {gradeMutant, orderlessOutput, stableOutput, timelessOutput} from './grade-mutant.ts';
import type {Mutant} from './mutant.ts';

/** Each mutant fails the check that is named for it; its card is kept as a golden file. */
it.each(MUTANTS)('$name: $bug', async (mutant) => {
  const {exitCode, output} = await gradeMutant(mutant, ['--check', mutant.caughtBy]);
  expect(output).toMatch(new RegExp(`^  FAIL +${mutant.caughtBy} `, 'm'));
  expect(exitCode).toBe(EXIT.fail);
  const stable = stableForm(mutant);
  expectGolden(`mutants/${mutant.name}.txt`, stable(output, mutantFolder(mutant)));
});

function stableForm({isTimed, isRaced}: Mutant): (output: string, folder: string) => string {
  if (isRaced === true) return orderlessOutput;
  return isTimed === true ? timelessOutput : stableOutput;
}
