/** The progress of a project as people read it: a bar a week. */
import {checksOf, gradedWeekLast} from '../checks/catalogue.ts';
import type {Colour} from '../report/colour.ts';
import {escapeText} from '../report/escape.ts';
import type {Progress} from './progress-file.ts';

const BAR_WIDTH = 20;

export interface WeekProgress {
  readonly week: number;
  /** Checks that are valid in the week. */
  readonly checks: number;
  readonly passed: number;
  /** The first that did not pass when it last ran. */
  readonly failing: {readonly id: string; readonly since: string} | undefined;
  /** The first that has not run. */
  readonly next: string | undefined;
}

export function weekProgress(progress: Progress, week: number): WeekProgress {
  const known = progress.weeks[week] ?? {};
  const checks = checksOf(week);
  const failing = checks.find(({id}) => known[id] !== undefined && known[id].state !== 'pass');
  return {
    week,
    checks: checks.length,
    passed: checks.filter(({id}) => known[id]?.state === 'pass').length,
    failing: failing && {id: failing.id, since: known[failing.id]?.since ?? ''},
    next: checks.find(({id}) => known[id] === undefined)?.id,
  };
}

export function allProgress(progress: Progress): WeekProgress[] {
  return Array.from({length: gradedWeekLast()}, (_, index) => weekProgress(progress, index + 1));
}

export function progressLines(weeks: readonly WeekProgress[], colour: Colour): string[] {
  return weeks.map((week) => {
    const {passed, checks} = week;
    const filled = Math.floor((BAR_WIDTH * passed) / checks);
    const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
    const counts = `${passed} of ${checks}`.padStart(8);
    return `  week ${week.week}  ${colour.green(bar)} ${counts}  ${describe(week, colour)}`.trimEnd();
  });
}

function describe({passed, checks, failing, next}: WeekProgress, colour: Colour): string {
  if (failing !== undefined) {
    // The file may have been edited by anybody.
    const day = escapeText(failing.since).slice(0, 'yyyy-mm-dd'.length);
    return `${colour.red(failing.id)} does not pass, since ${day}`;
  }
  if (passed === checks) return 'all pass';
  return passed === 0 ? colour.dim('not begun') : `next: ${next ?? ''}`;
}
