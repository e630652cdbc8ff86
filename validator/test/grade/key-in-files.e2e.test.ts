import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import type {GradeReport} from '../../src/grade/result.ts';
import {mutantFolder} from '../mutants/bundle-mutant.ts';
import {MUTANTS} from '../mutants/catalogue.ts';
import {gradeMutant} from '../mutants/grade-mutant.ts';

const mutant = MUTANTS.find(({name}) => name === 'oldest-sstable-wins');

/** The server answers from sst-1.json what sst-2.json overwrites: both are in its files. */
it('a failure shows the key in the files, in the result and in the report', async () => {
  if (mutant === undefined) throw new Error('there is no such mutant');
  const exports = ['--json', 'result.json', '--html', 'report.html'];
  const {output} = await gradeMutant(mutant, ['--check', mutant.caughtBy, ...exports]);
  const written = (name: string) => readFileSync(join(mutantFolder(mutant), name), 'utf8');
  const {gradings} = JSON.parse(written('result.json')) as GradeReport;
  const failure = gradings[0]?.checks[0]?.failure;
  const expected = failure?.difference?.expected;
  expect(failure?.inFiles).toEqual([
    {at: '', what: 'read after the server was stopped, the newest first:'},
    {at: expect.stringMatching(/^sst-2\.json, byte \d+$/), what: `counts  "${expected}"`},
    {
      at: expect.stringMatching(/^sst-1\.json, byte \d+$/),
      what: `hidden  "${failure?.difference?.got}"`,
    },
  ]);
  expect(output).toMatch(/^ {15}sst-2\.json, byte \d+ {2}counts {2}"/m);
  expect(written('report.html')).toContain('<dt>In files</dt>');
});
