/** Files that are computed from the catalogue and the mutants, and kept for their readers. */
import {allChecks, checksOf, gradedWeekLast} from '../../src/checks/catalogue.ts';
import {
  type CheckDescription,
  describeCheck,
  doesOf,
  type MutantDescription,
  weeksOf,
} from '../../src/checks/describe-check.ts';
import {pointsOfAll} from '../../src/checks/points.ts';
import type {Mutant} from '../mutants/mutant.ts';

/** validator/src/checks/mutants-of-checks.ts */
export function mutantsOfChecks(mutants: readonly Mutant[]): string {
  const byCheck = Object.fromEntries(allChecks().map(({id}) => [id, mutantsOf(id, mutants)]));
  return [
    '/**',
    ' * The broken servers of test/mutants that each check fails, for those who have no',
    ' * checkout. Written by `UPDATE_GOLDEN=1 vitest run validator/test/checks`.',
    ' */',
    "import type {MutantDescription} from './describe-check.ts';",
    '',
    '// biome-ignore format: it is generated',
    'export const MUTANTS_OF_CHECKS: Readonly<Record<string, readonly MutantDescription[]>> =',
    `${JSON.stringify(byCheck, undefined, 2)};`,
    '',
  ].join('\n');
}

function mutantsOf(checkId: string, mutants: readonly Mutant[]): MutantDescription[] {
  const caught = mutants.filter(({caughtBy}) => caughtBy === checkId);
  return caught.map(({name, bug}) => ({name, bug}));
}

/** docs/checks.md */
export function checksPage(mutants: readonly Mutant[]): string {
  const weeks = Array.from({length: gradedWeekLast()}, (_, index) => index + 1);
  return `${[
    '# Checks',
    'Every check of `kv grade`: what a pass shows, what it is worth, where to look when it fails, and broken servers that it is known to fail. `kv checks` prints the same. This page is made from the checks themselves.',
    'A check of an earlier week is run in later weeks too, as long as it is valid there. The points are a proposal to those who mark; `kv grade` itself only passes and fails.',
    weeksTable(weeks),
    ...weeks.flatMap((week) => weekSection(week, mutants)),
  ].join('\n\n')}\n`;
}

function weeksTable(weeks: readonly number[]): string {
  const rows = weeks.map((week) => {
    const run = checksOf(week);
    const own = run.filter(({weekFirst}) => weekFirst === week);
    const cells = [own.length, pointsOfAll(own), run.length, pointsOfAll(run)];
    return `| [Week ${week}](#week-${week}) | ${cells.join(' | ')} |`;
  });
  return [
    '| | Checks of its own | Their points | Checks that it runs | Their points |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function weekSection(week: number, mutants: readonly Mutant[]): string[] {
  const own = allChecks().filter(({weekFirst}) => weekFirst === week);
  const described = own.map((check) => {
    // Not those of the generated file, which may be about to be written anew.
    return {...describeCheck(check), mutants: mutantsOf(check.id, mutants)};
  });
  return [`## Week ${week}`, ...described.flatMap(checkSection)];
}

function checkSection(check: CheckDescription): string[] {
  const {id, title, points, proves, hints, mutants} = check;
  const [file = '', anchor = ''] = hints.chapter.split('#');
  const lines = [
    `- **Look at** ${hints.look}.`,
    `- **Usual cause:** ${hints.cause}.`,
    `- **Explained** in [${file}](${file.replace(/^docs\//, '')}#${anchor}).`,
    ...mutants.map(({name, bug}) => `- **It fails** \`${name}\`: ${bug}.`),
  ];
  return [
    `### ${id}`,
    `**${title}.** ${proves}`,
    `Valid in ${weeksOf(check)}; it ${doesOf(check)}; ${points} points.`,
    lines.map((line) => line.replace(/([.?!])\.$/, '$1')).join('\n'),
  ];
}
