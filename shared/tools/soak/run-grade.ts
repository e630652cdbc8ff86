/** Runs `kv grade`, and says how it ended. */
import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {$} from 'zx/core';
import type {CheckResult, GradeReport} from '../../../validator/src/grade/result.ts';
import {ROOT} from '../tool.ts';

const KV = join(ROOT, 'validator/bin/kv.mjs');
const VERDICTS = new Map([
  [0, 'pass'],
  [1, 'fail'],
  [2, 'inconclusive'],
  [3, 'grader error'],
]);

export interface Graded {
  /** As the exit code has it. */
  readonly verdict: string;
  /** The ids of the checks that failed. */
  readonly failed: readonly string[];
  /** Of each check that came to no good end: its id, its state and why. */
  readonly complaints: readonly string[];
}

/** @param scratch a folder for the result */
export async function runGrade(scratch: string, args: readonly string[]): Promise<Graded> {
  const file = join(scratch, 'result.json');
  const options = ['--shrink', '0', '--json', file];
  await $({quiet: true, nothrow: true})`${process.execPath} ${KV} grade ${args} ${options}`;
  const report: GradeReport = JSON.parse(await readFile(file, 'utf8'));
  await rm(file);
  const checks = report.gradings.flatMap((grading) => grading.checks);
  return {
    verdict: VERDICTS.get(report.exitCode) ?? `exit ${report.exitCode}`,
    failed: checks.filter(({state}) => state === 'fail').map(({id}) => id),
    complaints: checks.filter(isComplaint).map(describe),
  };
}

function isComplaint({state}: CheckResult): boolean {
  return state === 'fail' || state === 'inconclusive' || state === 'grader-error';
}

function describe({id, state, reason, failure}: CheckResult): string {
  return `${id}: ${state}, ${failure?.summary ?? reason ?? 'for no reason given'}`;
}

/** How often each verdict came: `pass 4 of 5, inconclusive 1`. */
export function rateOf(verdicts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const verdict of verdicts) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const parts = Array.from(counts, ([verdict, count]) => `${verdict} ${count}`);
  return parts.join(', ').replace(/\d+/, (first) => `${first} of ${verdicts.length}`);
}
