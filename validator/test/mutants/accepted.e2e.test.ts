import {expect, it} from 'vitest';
import {EXIT} from '../../src/verdict.ts';
import {ACCEPTED} from './accepted.ts';
import {gradeMutant} from './grade-mutant.ts';

/** What the contract accepts is failed by no check that looks into files. */
it.each(ACCEPTED)('$name: $bug', async (variant) => {
  const {passes} = variant;
  const {exitCode, output} = await gradeMutant(variant, ['--check', ...passes]);
  for (const id of passes) expect(output).toMatch(new RegExp(`^  pass +${id} `, 'm'));
  expect(exitCode).toBe(EXIT.pass);
});
