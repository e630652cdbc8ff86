/** `pnpm stage:check`: says whether the weeks diff cleanly. */
import type {ChalkInstance} from 'chalk';
import {parseToolArgs, type Terminal, UsageError} from '../tool.ts';
import {checkWeeks, type StepReport} from './check-weeks.ts';
import type {Stage} from './declaration.ts';
import type {Violation} from './step.ts';
import {table} from './table.ts';

const USAGE = `Usage: pnpm stage:check [--stat]

Holds weeks/ against shared/tools/stages.ts: which files differ from week to week,
in which order, by how much, and that nothing was moved, renamed or reworded.

  --stat   print the table of added and removed lines, check nothing
`;

/** @returns the exit status: 0, or 1 if a rule is broken */
export async function stageCheck(
  args: readonly string[],
  {print, paint}: Terminal,
  {root, stages}: {root: string; stages: readonly Stage[]},
): Promise<number> {
  const options = {stat: {type: 'boolean'}, help: {type: 'boolean', short: 'h'}} as const;
  const {values, positionals} = parseToolArgs(args, options, USAGE);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`no arguments are expected\n\n${USAGE}`);

  const {steps, violations} = await checkWeeks(root, stages);
  print(totalsTable(steps));
  if (values.stat === true) return 0;
  for (const violation of violations) print(`\n${violationText(violation, paint)}`);
  const count = `${violations.length} ${violations.length === 1 ? 'problem' : 'problems'}`;
  if (violations.length > 0) print(paint.red(`\n${count} in the steps between the weeks\n`));
  else print(paint.green('\nEach week differs from the one before by its lesson only.\n'));
  return violations.length > 0 ? 1 : 0;
}

function totalsTable(steps: readonly StepReport[]): string {
  const rows = steps.flatMap(({folder, totals}) =>
    totals.map(({part, added, removed, budget, why}, index) => [
      index === 0 ? folder : '',
      part,
      `+${added}`,
      `−${removed}`,
      `+${budget.added} −${budget.removed}`,
      why ?? '',
    ]),
  );
  return table([['week', 'part', 'added', 'removed', 'at most', ''], ...rows], [2, 3]);
}

function violationText({rule, where, problem, remedy}: Violation, paint: ChalkInstance): string {
  return [
    `${paint.red.bold(rule)} ${where.join(' → ')}`,
    `  ${problem}`,
    `  ${paint.dim(`To do: ${remedy}.`)}`,
    '',
  ].join('\n');
}
