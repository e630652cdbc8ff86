import {describe, expect, it} from 'vitest';
import {exitCodeOf, worstExitCode} from '../../src/grade/exit-code.ts';
import type {CheckResult} from '../../src/grade/result.ts';
import type {State} from '../../src/verdict.ts';

function results(...all: State[]): CheckResult[] {
  return all.map((state, index) => ({
    id: `check-${index}`,
    title: '',
    proves: '',
    week: 1,
    state,
    durationMs: 1,
    requests: 1,
    notes: [],
  }));
}

describe('the exit code of a grading', () => {
  it.for<[State[], number]>([
    [['pass', 'pass'], 0],
    [['pass', 'unavailable', 'not-claimed'], 0],
    [['pass', 'fail', 'blocked'], 1],
    [['fail', 'grader-error', 'inconclusive'], 1],
    [['pass', 'inconclusive'], 2],
    [['pass', 'grader-error'], 3],
    [['inconclusive', 'grader-error'], 3],
    // Nothing that passed is no pass.
    [[], 2],
    [['unavailable'], 2],
    [['not-claimed', 'not-claimed'], 2],
  ])('%j is %i', ([states, exitCode]) => {
    expect(exitCodeOf(results(...states), new Set())).toBe(exitCode);
  });

  it('is no pass if a required check could not run', () => {
    const checks = results('pass', 'unavailable');
    expect(exitCodeOf(checks, new Set(['check-0']))).toBe(0);
    expect(exitCodeOf(checks, new Set(['check-1']))).toBe(2);
  });
});

describe('the exit code of several gradings', () => {
  it.for<[number[], number]>([
    [[0, 0, 0], 0],
    [[0, 2, 0], 2],
    [[2, 3], 3],
    [[3, 1, 2], 1],
    [[], 2],
  ])('%j is %i', ([codes, worst]) => {
    expect(worstExitCode(codes)).toBe(worst);
  });
});
