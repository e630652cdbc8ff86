/**
 * Which checks fail which mutants: golden/matrix.txt as data. It is written in
 * parts by `pnpm grade:soak --matrix`, since each row takes a whole grading.
 *
 *   week 2
 *     reference-2                     -
 *     oldest-sstable-wins             newest-wins; order-after-restart replay-week-02
 *
 * A mutant's row has the check that is named for it, and behind the semicolon
 * the others that failed it; a reference's row is a dash.
 */
import {allChecks, gradedWeekLast} from '../../src/checks/catalogue.ts';
import type {Mutant} from './mutant.ts';

/** The ids of the checks that failed, by the name of the mutant or of the reference. */
export type Matrix = ReadonlyMap<string, readonly string[]>;

/** The longest name, and a space. */
const NAME_WIDTH = 37;
const NONE = '-';

/** How the reference of a week is called among the mutants. */
export function referenceName(week: number): string {
  return `reference-${week}`;
}

/** What was not graded yet has no row, and neither has what is not there any more. */
export function formatMatrix(matrix: Matrix, mutants: readonly Mutant[]): string {
  const weeks = Array.from({length: gradedWeekLast()}, (_, index) => index + 1);
  const lines = weeks.flatMap((week) => {
    const ofWeek = mutants.filter((mutant) => mutant.week === week);
    const rows = [
      row(referenceName(week), matrix, undefined),
      ...ofWeek.map(({name, caughtBy}) => row(name, matrix, caughtBy)),
    ].flat();
    return rows.length === 0 ? [] : ['', `week ${week}`, ...rows];
  });
  return [
    '# Which checks fail which mutants. Written by `pnpm grade:soak --matrix`.',
    ...lines,
    '',
  ].join('\n');
}

function row(name: string, matrix: Matrix, caughtBy: string | undefined): string[] {
  const failed = matrix.get(name);
  return failed === undefined ? [] : [`  ${name.padEnd(NAME_WIDTH)}${cells(failed, caughtBy)}`];
}

function cells(failed: readonly string[], caughtBy: string | undefined): string {
  if (failed.length === 0) return NONE;
  const others = failed.filter((id) => id !== caughtBy);
  const own = caughtBy !== undefined && failed.includes(caughtBy) ? caughtBy : NONE;
  return others.length === 0 ? own : `${own}; ${others.join(' ')}`;
}

export function parseMatrix(text: string): Map<string, readonly string[]> {
  const matrix = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, name, rest = ''] = /^ {2}(\S+) +(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const ids = rest.split(/;? /).filter((id) => id !== NONE);
    matrix.set(name, ids);
  }
  return matrix;
}

/** What a row says that it should not. Rows that are missing are no problem. */
export function problemsOf(matrix: Matrix, mutants: readonly Mutant[]): string[] {
  const known = new Set(allChecks().map(({id}) => id));
  const unknown = Array.from(matrix, ([name, failed]) =>
    failed.filter((id) => !known.has(id)).map((id) => `${name}: there is no check ${id}`),
  );
  const missed = mutants.filter(
    ({name, caughtBy}) => matrix.get(name)?.includes(caughtBy) === false,
  );
  const references = Array.from({length: gradedWeekLast()}, (_, index) => referenceName(index + 1));
  return [
    ...unknown.flat(),
    ...missed.map(({name, caughtBy}) => `${name}: ${caughtBy} does not fail it`),
    ...references
      .filter((name) => (matrix.get(name) ?? []).length > 0)
      .map((name) => `${name}: failed by ${matrix.get(name)?.join(' ')}`),
  ];
}
