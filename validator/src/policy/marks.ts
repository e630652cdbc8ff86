/** What a grading is worth under a policy. */
import {checksOf} from '../checks/catalogue.ts';
import type {Check} from '../checks/check.ts';
import {pointsOf} from '../checks/points.ts';
import type {CheckMarks, CheckResult, Grading, Marks} from '../grade/result.ts';
import type {State} from '../verdict.ts';
import type {Deadline, Policy} from './policy.ts';

/** What a check of each state does to the marks. */
const STATE_MARKS: Readonly<Record<State, StateMarks>> = {
  pass: {earns: true, counts: true, review: false},
  fail: {earns: false, counts: true, review: false},
  blocked: {earns: false, counts: true, review: false},
  // Neither shown to work nor to be broken: somebody has to look.
  inconclusive: {earns: false, counts: true, review: true},
  // Nobody pays for what the grader or its machine did wrong.
  'grader-error': {earns: false, counts: false, review: true},
  unavailable: {earns: false, counts: false, review: true},
  // Unless the policy permits it: see `countsOf`.
  'not-claimed': {earns: false, counts: true, review: false},
};

interface StateMarks {
  /** Whether its points are earned. */
  readonly earns: boolean;
  /** Whether its points are among those that can be earned. */
  readonly counts: boolean;
  /** Whether somebody should look at it before the marks are final. */
  readonly review: boolean;
}

/** @param submittedAt undefined if nobody said: then no deadline is held against it */
export function marksOf(grading: Grading, policy: Policy, submittedAt: Date | undefined): Marks {
  const catalogue = new Map(checksOf(grading.week).map((check) => [check.id, check]));
  const checks = grading.checks.flatMap((result) => {
    const check = catalogue.get(result.id);
    return check === undefined ? [] : [checkMarks(result, check, grading.checks, policy)];
  });
  const possible = sum(checks.filter(({counts}) => counts).map(({points}) => points));
  const total = policy.total ?? sum(checks.map(({points}) => points));
  const percent = percentAt(policy.deadlines, submittedAt);
  const common = {total, checks, percent, review: reviews(grading, policy, submittedAt)};
  if (grading.interrupted || possible === 0) return common;
  const share = sum(checks.map(({earned}) => earned)) / possible;
  return {...common, earned: round(total * share * (percent / 100))};
}

function checkMarks(
  result: CheckResult,
  check: Check,
  all: readonly CheckResult[],
  policy: Policy,
): CheckMarks {
  const points = policy.points[check.id] ?? pointsOf(check);
  const counts = countsOf(result, check, all, policy);
  return {id: check.id, earned: STATE_MARKS[result.state].earns ? points : 0, points, counts};
}

function countsOf(
  {state, blockedBy}: CheckResult,
  {claims}: Check,
  all: readonly CheckResult[],
  {unclaimed}: Policy,
): boolean {
  if (state === 'not-claimed') return claims === undefined || !unclaimed.has(claims);
  const blocker = all.find(({id}) => id === blockedBy);
  // What a grader error blocks is the grader's fault as well.
  return blocker === undefined ? STATE_MARKS[state].counts : STATE_MARKS[blocker.state].counts;
}

function reviews(grading: Grading, {deadlines}: Policy, submittedAt: Date | undefined): string[] {
  const doubtful = grading.checks.filter(({state}) => STATE_MARKS[state].review);
  return [
    ...(grading.interrupted ? ['the grading was interrupted'] : []),
    ...(grading.isolation?.isolated === false ? [`not isolated: ${grading.isolation.reason}`] : []),
    ...(deadlines.length > 0 && submittedAt === undefined
      ? ['it is not known when this was handed in, so no deadline was held against it']
      : []),
    ...doubtful.map(({id, state, reason}) => `${id}: ${state}: ${reason ?? ''}`),
  ];
}

function percentAt(deadlines: readonly Deadline[], submittedAt: Date | undefined): number {
  if (deadlines.length === 0 || submittedAt === undefined) return 100;
  return deadlines.find(({until}) => submittedAt <= until)?.percent ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Hundredths are as fine as marks get. */
function round(marks: number): number {
  return Math.round(marks * 100) / 100;
}
