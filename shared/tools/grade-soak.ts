/**
 * `pnpm grade:soak [--rounds N]`: whether the grader can be trusted. Every
 * mutant is graded on all checks of its week, and every reference week N times
 * over; what comes out is the matrix of mutants and checks, and how often the
 * verdicts of the references agreed.
 *
 * Fails if a mutant passes the check that is named for it, if a reference fails
 * any check, or if a reference passes as the week after.
 */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {$} from 'zx/core';
import {gradedWeekLast} from '../../validator/src/checks/catalogue.ts';
import type {CheckResult, GradeReport} from '../../validator/src/grade/result.ts';
import {bundleMutant, weekFolder} from '../../validator/test/mutants/bundle-mutant.ts';
import {MUTANTS} from '../../validator/test/mutants/catalogue.ts';
import {parseToolArgs, ROOT, runTool} from './tool.ts';

const KV = join(ROOT, 'validator/bin/kv.mjs');
const USAGE = `pnpm grade:soak [--rounds N] [--mutant NAME]
  N gradings of each reference (3); one mutant only`;
const PASS = 0;
const FAIL = 1;

interface Outcome {
  readonly exitCode: number;
  readonly checks: readonly CheckResult[];
}

await runTool(async (args, terminal) => {
  const options = {rounds: {type: 'string', default: '3'}, mutant: {type: 'string'}} as const;
  const {values} = parseToolArgs(args, options, USAGE);
  const rounds = Number(values.rounds);
  const scratch = await mkdtemp(join(tmpdir(), 'kv-soak-'));
  let problems = 0;
  const report = (isRight: boolean, line: string) => {
    if (!isRight) problems++;
    terminal.print(`${isRight ? 'ok     ' : 'WRONG  '} ${line}\n`);
  };
  try {
    for (const mutant of MUTANTS) {
      if (values.mutant !== undefined && mutant.name !== values.mutant) continue;
      const folder = await bundleMutant(mutant);
      const {checks} = await grade(scratch, ['--in', folder, '--all', '--seed', '1']);
      const failed = checks.filter((check) => check.state === 'fail').map((check) => check.id);
      const others = failed.filter((id) => id !== mutant.caughtBy).join(' ');
      const line = `${mutant.name}: ${mutant.caughtBy}${others === '' ? ' alone' : `, also ${others}`}`;
      report(failed.includes(mutant.caughtBy), line);
    }
    const weeks = Array.from({length: gradedWeekLast()}, (_, index) => index + 1);
    for (const week of weeks) {
      for (let round = 1; round <= rounds; round++) {
        const same = await grade(scratch, [String(week), ...(await reference(week, scratch))]);
        report(same.exitCode === PASS, `reference ${week}, round ${round}: exit ${same.exitCode}`);
      }
    }
    for (const week of weeks.slice(0, -1)) {
      const next = await grade(scratch, [String(week + 1), ...(await reference(week, scratch))]);
      const failed = next.checks.find((check) => check.state === 'fail')?.id ?? 'none';
      report(next.exitCode === FAIL, `reference ${week} graded as week ${week + 1}: ${failed}`);
    }
  } finally {
    await rm(scratch, {recursive: true, force: true});
  }
  terminal.print(problems === 0 ? '\nAll as they should be.\n' : `\n${problems} are wrong.\n`);
  return problems === 0 ? 0 : 1;
});

async function grade(scratch: string, args: readonly string[]): Promise<Outcome> {
  const file = join(scratch, 'result.json');
  await $({quiet: true, nothrow: true})`${process.execPath} ${KV} grade ${args} --json ${file}`;
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
