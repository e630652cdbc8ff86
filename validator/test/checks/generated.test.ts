import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {MUTANTS} from '../mutants/catalogue.ts';
import {checksPage, mutantsOfChecks} from './generated.ts';

const WORKSHOP = new URL('../../../', import.meta.url);

/** UPDATE_GOLDEN=1 writes the files anew. */
it.each([
  ['validator/src/checks/mutants-of-checks.ts', () => mutantsOfChecks(MUTANTS)],
  ['docs/checks.md', () => checksPage(MUTANTS)],
])('%s is what the catalogue and the mutants say', (path, generate) => {
  const file = fileURLToPath(new URL(path, WORKSHOP));
  const text = generate();
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8'), 'UPDATE_GOLDEN=1 writes it anew').toBe(text);
});
