import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {EXIT} from '../../src/verdict.ts';
import {mutantFolder} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';
import {gradeMutant, stableOutput} from './grade-mutant.ts';

/** Each mutant fails the check that is named for it; its card is kept as a golden file. */
it.each(MUTANTS)('$name: $bug', async (mutant) => {
  const {exitCode, output} = await gradeMutant(mutant, ['--check', mutant.caughtBy]);
  expect(output).toMatch(new RegExp(`^  FAIL +${mutant.caughtBy} `, 'm'));
  expect(exitCode).toBe(EXIT.fail);
  const actual = stableOutput(output, mutantFolder(mutant));
  expect(actual).toBe(golden(mutant.name, actual));
});

/** The golden card; written first where UPDATE_GOLDEN=1 asks for it. */
function golden(name: string, actual: string): string {
  const file = fileURLToPath(new URL(`../golden/mutants/${name}.txt`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, actual);
  }
  return existsSync(file) ? readFileSync(file, 'utf8') : '(no golden file yet)';
}
