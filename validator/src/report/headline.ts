/** The one line that says how a grading ended. */
import type {CheckResult, Grading} from '../grade/result.ts';
import {EXIT, type State} from '../verdict.ts';
import {plural, seconds} from './numbers.ts';

export function headline(grading: Grading): string {
  const {week, checks, durationMs} = grading;
  const passed = number(checks, 'pass');
  const counts = [
    `${passed} of ${plural(checks.length, 'check')} passed`,
    ...OTHERS.flatMap(([state, text]) => {
      const others = number(checks, state);
      return others === 0 ? [] : [`${others} ${text}`];
    }),
  ];
  return `week ${week}: ${verdict(grading)}: ${counts.join(', ')}, in ${seconds(durationMs)}`;
}

const OTHERS: readonly (readonly [State, string])[] = [
  ['fail', 'failed'],
  ['grader-error', 'could not be graded'],
  ['inconclusive', 'inconclusive'],
  ['blocked', 'blocked'],
  ['unavailable', 'could not run here'],
  ['not-claimed', 'not claimed'],
];

export function verdict({week, interrupted, exitCode, earliestBrokenWeek}: Grading): string {
  if (interrupted) return 'INTERRUPTED';
  switch (exitCode) {
    case EXIT.pass:
      return 'PASS';
    case EXIT.fail:
      return earliestBrokenWeek === undefined || earliestBrokenWeek === week
        ? 'FAIL'
        : `FAIL, broken since week ${earliestBrokenWeek}`;
    case EXIT.inconclusive:
      return 'NO VERDICT';
    default:
      return 'GRADER ERROR';
  }
}

function number(checks: readonly CheckResult[], state: State): number {
  return checks.filter((check) => check.state === state).length;
}
