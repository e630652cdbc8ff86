import {expect, it} from 'vitest';
import {EXIT} from '../../src/verdict.ts';
import {expectGolden} from '../golden.ts';
import {mutantFolder} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';
import {gradeMutant, stableOutput} from './grade-mutant.ts';

/** Each mutant fails the check that is named for it; its card is kept as a golden file. */
it.each(MUTANTS)('$name: $bug', async (mutant) => {
  const {exitCode, output} = await gradeMutant(mutant, ['--check', mutant.caughtBy]);
  expect(output).toMatch(new RegExp(`^  FAIL +${mutant.caughtBy} `, 'm'));
  expect(exitCode).toBe(EXIT.fail);
  expectGolden(`mutants/${mutant.name}.txt`, stableOutput(output, mutantFolder(mutant)));
});
