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
 */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {$} from 'zx/core';
import {gradedWeekLast} from '../../validator/src/checks/catalogue.ts';
import type {CheckResult, GradeReport} from '../../validator/src/grade/result.ts';
import {bundleMutant, weekFolder} from '../../validator/test/mutants/bundle-mutant.ts';
import {MUTANTS} from '../../validator/test/mutants/catalogue.ts';
import {referenceName} from '../../validator/test/mutants/matrix.ts';
import {MatrixFile} from './soak/matrix-file.ts';
import {chooseParts, type Parts, SOAK_OPTIONS, SOAK_USAGE} from './soak/parts.ts';
import {parseToolArgs, ROOT, runTool} from './tool.ts';

const KV = join(ROOT, 'validator/bin/kv.mjs');
const PASS = 0;
const FAIL = 1;

interface Outcome {
  readonly exitCode: number;
  readonly checks: readonly CheckResult[];
}

await runTool(async (args, terminal) => {
  const {values} = parseToolArgs(args, SOAK_OPTIONS, SOAK_USAGE);
  const matrix = new MatrixFile();
  const parts = chooseParts(values, {
    mutants: MUTANTS,
    weekLast: gradedWeekLast(),
    known: matrix.names(),
  });
  const scratch = await mkdtemp(join(tmpdir(), 'kv-soak-'));
  let problems = 0;
  const report = (isRight: boolean, line: string) => {
    if (!isRight) problems++;
    terminal.print(`${isRight ? 'ok     ' : 'WRONG  '} ${line}\n`);
  };
  const enter = (name: string, failed: readonly string[]) => {
    if (values.matrix === true) matrix.enter(name, failed);
  };
  try {
    await gradeMutants(parts, scratch, {report, enter});
    await gradeReferences(parts, scratch, {report, enter});
  } finally {
    await rm(scratch, {recursive: true, force: true});
  }
  const rowless = MUTANTS.filter(({name}) => !matrix.names().has(name)).length;
  if (rowless > 0) terminal.print(`\n${rowless} mutants are not in the matrix yet: --missing\n`);
  terminal.print(problems === 0 ? '\nAll as they should be.\n' : `\n${problems} are wrong.\n`);
  return problems === 0 ? 0 : 1;
});

interface Listener {
  readonly report: (isRight: boolean, line: string) => void;
  readonly enter: (name: string, failed: readonly string[]) => void;
}

async function gradeMutants({mutants}: Parts, scratch: string, {report, enter}: Listener) {
  for (const mutant of mutants) {
    const folder = await bundleMutant(mutant);
    const {checks} = await grade(scratch, ['--in', folder, '--all', '--seed', '1']);
    const failed = failedIds(checks);
    enter(mutant.name, failed);
    const others = failed.filter((id) => id !== mutant.caughtBy).join(' ');
    const line = `${mutant.name}: ${mutant.caughtBy}${others === '' ? ' alone' : `, also ${others}`}`;
    report(failed.includes(mutant.caughtBy), line);
  }
}

async function gradeReferences(
  {weeks, weekLast, rounds}: Parts,
  scratch: string,
  {report, enter}: Listener,
) {
  for (const week of weeks) {
    const failed = new Set<string>();
    for (let round = 1; round <= rounds; round++) {
      const same = await grade(scratch, [
        String(week),
        '--all',
        ...(await reference(week, scratch)),
      ]);
      for (const id of failedIds(same.checks)) failed.add(id);
      report(same.exitCode === PASS, `reference ${week}, round ${round}: exit ${same.exitCode}`);
    }
    if (rounds > 0) enter(referenceName(week), Array.from(failed));
  }
  for (const week of weeks.filter((each) => each < weekLast)) {
    const next = await grade(scratch, [String(week + 1), ...(await reference(week, scratch))]);
    const failed = failedIds(next.checks)[0] ?? 'none';
    report(next.exitCode === FAIL, `reference ${week} graded as week ${week + 1}: ${failed}`);
  }
}

function failedIds(checks: readonly CheckResult[]): string[] {
  return checks.filter(({state}) => state === 'fail').map(({id}) => id);
}

async function grade(scratch: string, args: readonly string[]): Promise<Outcome> {
  const file = join(scratch, 'result.json');
  const options = ['--shrink', '0', '--json', file];
  await $({quiet: true, nothrow: true})`${process.execPath} ${KV} grade ${args} ${options}`;
  const report: GradeReport = JSON.parse(await readFile(file, 'utf8'));
  await rm(file);
  return {
    exitCode: report.exitCode,
    checks: report.gradings.flatMap((grading) => grading.checks),
  };
}

/** The reference as any project, in a folder of its own: its formats claimed, run from its source. */
async function reference(week: number, folder: string): Promise<string[]> {
  const start = `${process.execPath} ${join(ROOT, 'shared/bin/start.mjs')}`;
  const main = join(await weekFolder(week), 'src/main.ts');
  const command = `exec ${start} ${main} --port {port} --data-dir {dataDir}`;
  return ['--in', folder, '--files', 'series', '--command', command];
}
