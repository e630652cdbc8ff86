import {expect, it} from 'vitest';
import {EXIT} from '../../src/verdict.ts';
import {expectGolden} from '../golden.ts';
import {mutantFolder} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';
import {
  gradeMutant,
  type MutantRun,
  orderlessOutput,
  stableOutput,
  timelessOutput,
} from './grade-mutant.ts';
import type {Mutant} from './mutant.ts';

/** A race, with a crash or another request, is not lost each time: such a bug has to show with one of so many seeds. */
const SEEDS_OF_RACES = 3;

/** Each mutant fails the check that is named for it; its card is kept as a golden file. */
it.each(MUTANTS)('$name: $bug', async (mutant) => {
  const {exitCode, output} = await gradeUntilCaught(mutant);
  expect(output).toMatch(new RegExp(`^  FAIL +${mutant.caughtBy} `, 'm'));
  expect(exitCode).toBe(EXIT.fail);
  const stable = stableForm(mutant);
  expectGolden(`mutants/${mutant.name}.txt`, stable(output, mutantFolder(mutant)));
});

async function gradeUntilCaught(mutant: Mutant): Promise<MutantRun> {
  for (let seed = 1; ; seed++) {
    const run = await gradeMutant(mutant, ['--check', mutant.caughtBy], seed);
    const isRace = mutant.isRaced === true || mutant.isTimed === true;
    const isLast = !isRace || seed === SEEDS_OF_RACES;
    if (isLast || run.exitCode !== EXIT.pass) return run;
    console.warn(`${mutant.name} was not caught with seed ${seed}`);
  }
}

function stableForm({isTimed, isRaced}: Mutant): (output: string, folder: string) => string {
  if (isRaced === true) return orderlessOutput;
  return isTimed === true ? timelessOutput : stableOutput;
}
