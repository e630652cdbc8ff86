/** All rules of "stages that diff cleanly", over all weeks. */
import {checkDeclaration, type Stage} from './declaration.ts';
import {checkBudget, type Total, totals} from './rules/budget.ts';
import {checkCosmetic} from './rules/cosmetic.ts';
import {checkNames, checkOrder, checkSyntax} from './rules/declarations.ts';
import {checkFiles, checkRenames} from './rules/files.ts';
import {checkMovedLines} from './rules/moved.ts';
import {checkPackageJson} from './rules/package-json.ts';
import {checkPlainFiles, checkWords} from './rules/words.ts';
import type {Step, Violation} from './step.ts';
import {diffWeeks} from './week-diff.ts';
import {readWeek, type Week, weekFolders} from './weeks.ts';

export interface StepReport {
  /** The later week's folder. */
  readonly folder: string;
  readonly totals: readonly Total[];
}

export interface Report {
  readonly steps: readonly StepReport[];
  readonly violations: readonly Violation[];
}

/** @throws UsageError if the declaration does not fit the folders in weeks/ */
export async function checkWeeks(root: string, stages: readonly Stage[]): Promise<Report> {
  const folders = await weekFolders(root);
  checkDeclaration(stages, folders);
  return reportOn(await Promise.all(folders.map((folder) => readWeek(root, folder))), stages);
}

/** @param weeks those of `stages`, in the same order */
export async function reportOn(weeks: readonly Week[], stages: readonly Stage[]): Promise<Report> {
  const folders = weeks.map(({folder}) => folder);
  const violations = weeks.flatMap((week) => [
    ...checkSyntax(week),
    ...checkWords(week, folders),
    ...checkPlainFiles(week),
  ]);
  const canParse = violations.every(({rule}) => rule !== 'syntax');

  const steps: StepReport[] = [];
  for (const [index, after] of weeks.entries()) {
    const before = weeks[index - 1];
    const stage = stages[index];
    if (before === undefined || stage === undefined) continue;
    const diff = await diffWeeks(before, after);
    const step = {stages: stages.slice(0, index + 1), stage, before, after, diff};
    steps.push({folder: after.folder, totals: totals(step)});
    violations.push(...checkStep(step, canParse));
  }
  return {steps, violations};
}

function checkStep(step: Step, canParse: boolean): Violation[] {
  const none = {violations: [], reported: []};
  const order = canParse ? checkOrder(step) : none;
  const names = canParse ? checkNames(step) : none;
  const reported = [...order.reported, ...names.reported];
  return [
    ...checkFiles(step),
    ...checkRenames(step),
    ...checkPackageJson(step),
    ...order.violations,
    ...names.violations,
    ...checkMovedLines(step, reported),
    ...checkCosmetic(step, reported),
    ...checkBudget(step),
  ];
}
