/**
 * `pnpm grade:soak`: whether the grader can be trusted. Every mutant is graded
 * on all checks of its week, and every reference several times over. What comes
 * out is which checks fail which mutants, and how often the verdicts of the
 * references agreed.
 *
 * Fails if a mutant passes the check that is named for it, if a reference fails
 * any check, or if a reference passes as the week after.
 *
 * All of it takes an hour or more, so it can be done in parts: by week, by
 * mutant, or what is not in the matrix yet. --matrix enters each row into
 * validator/test/golden/matrix.txt as soon as it is known.
 *
 * With --load the processors are kept busy meanwhile, and with --sample a few
 * mutants take turns from seed to seed: verdicts must not depend on how fast the
 * machine is.
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gradedWeekLast} from '../../validator/src/checks/catalogue.ts';
import {MUTANTS} from '../../validator/test/mutants/catalogue.ts';
import {gradeMutants, gradeSample} from './soak/grade-mutants.ts';
import {gradeAsNextWeek, gradeReferences} from './soak/grade-references.ts';
import {underLoad} from './soak/load.ts';
import {MatrixFile} from './soak/matrix-file.ts';
import {chooseParts, SOAK_OPTIONS, SOAK_USAGE} from './soak/parts.ts';
import type {Soak} from './soak/soak.ts';
import {parseToolArgs, runTool} from './tool.ts';

await runTool(async (args, terminal) => {
  const {values} = parseToolArgs(args, SOAK_OPTIONS, SOAK_USAGE);
  const matrix = new MatrixFile();
  const known = matrix.names();
  const parts = chooseParts(values, {mutants: MUTANTS, weekLast: gradedWeekLast(), known});
  const scratch = await mkdtemp(join(tmpdir(), 'kv-soak-'));
  let problems = 0;
  const report = (isRight: boolean, line: string) => {
    if (!isRight) problems++;
    terminal.print(`${isRight ? 'ok     ' : 'WRONG  '} ${line}\n`);
  };
  const enter = (name: string, failed: readonly string[]) => {
    if (values.matrix === true) matrix.enter(name, failed);
  };
  const soak: Soak = {parts, scratch, report, enter};
  try {
    await underLoad(parts.loops, async () => {
      await (parts.isSample ? gradeSample(soak) : gradeMutants(soak));
      await gradeReferences(soak);
      await gradeAsNextWeek(soak);
    });
  } finally {
    await rm(scratch, {recursive: true, force: true});
  }
  const rowless = MUTANTS.filter(({name}) => !matrix.names().has(name)).length;
  if (rowless > 0) terminal.print(`\n${rowless} mutants are not in the matrix yet: --missing\n`);
  terminal.print(problems === 0 ? '\nAll as they should be.\n' : `\n${problems} are wrong.\n`);
  return problems === 0 ? 0 : 1;
});
