import {describe, expect, it} from 'vitest';
import {gradescopeResults, noResult} from '../../src/export/gradescope.ts';
import type {CheckResult, Grading} from '../../src/grade/result.ts';
import {marksOf} from '../../src/policy/marks.ts';
import type {Policy} from '../../src/policy/policy.ts';
import type {State} from '../../src/verdict.ts';
import {report} from '../export/results.ts';
import {failure, grading, result} from '../report/results.ts';

function policy(fields: Partial<Policy> = {}): Policy {
  return {
    week: 2,
    checks: undefined,
    all: true,
    points: {'contract-basics': 10, 'newest-wins': 30, 'files-sstables': 60},
    total: 200,
    unclaimed: new Set(),
    deadlines: [],
    seed: undefined,
    secret: undefined,
    seededFixtures: false,
    runAs: undefined,
    showSeed: false,
    hiddenFiles: [],
    ...fields,
  };
}

function graded(
  basics: State,
  newest: State,
  files: State,
  fields: Partial<CheckResult> = {},
): Grading {
  return grading([
    result('contract-basics', basics),
    result('newest-wins', newest, fields),
    result('files-sstables', files),
  ]);
}

function earned(of: Grading, rules: Partial<Policy> = {}, at?: Date): number | undefined {
  return marksOf(of, policy(rules), at).earned;
}

describe('marks', () => {
  it('are the share of the points that were earned', () => {
    expect(earned(graded('pass', 'pass', 'pass'))).toBe(200);
    expect(earned(graded('pass', 'pass', 'fail'))).toBe(80);
    expect(earned(graded('fail', 'blocked', 'blocked'))).toBe(0);
  });

  it('are the points themselves, if the policy names no total', () => {
    expect(
      marksOf(graded('pass', 'fail', 'pass'), policy({total: undefined}), undefined),
    ).toMatchObject({earned: 70, total: 100});
  });

  it('are not reduced by what the grader or its machine did', () => {
    expect(earned(graded('pass', 'grader-error', 'pass'))).toBe(200);
    expect(earned(graded('pass', 'unavailable', 'fail'))).toBe(28.57);
    const blockedByGrader = grading([
      result('contract-basics', 'grader-error'),
      result('newest-wins', 'blocked', {blockedBy: 'contract-basics'}),
      result('files-sstables', 'pass'),
    ]);
    expect(earned(blockedByGrader)).toBe(200);
  });

  it('are none where there is no result', () => {
    expect(earned({...graded('pass', 'pass', 'pass'), interrupted: true})).toBeUndefined();
    expect(earned(graded('grader-error', 'grader-error', 'grader-error'))).toBeUndefined();
    expect(earned(grading([]))).toBeUndefined();
  });

  it('are not earned by what is not claimed, unless the policy permits it', () => {
    expect(earned(graded('pass', 'pass', 'not-claimed'))).toBe(80);
    expect(earned(graded('pass', 'pass', 'not-claimed'), {unclaimed: new Set(['sstable'])})).toBe(
      200,
    );
  });

  it('become fewer after each deadline', () => {
    const deadlines = [
      {until: new Date('2026-01-02T00:00:00Z'), percent: 100},
      {until: new Date('2026-01-03T00:00:00Z'), percent: 50},
    ];
    const all = graded('pass', 'pass', 'pass');
    expect(earned(all, {deadlines}, new Date('2026-01-02T00:00:00Z'))).toBe(200);
    expect(earned(all, {deadlines}, new Date('2026-01-02T00:00:01Z'))).toBe(100);
    expect(earned(all, {deadlines}, new Date('2026-01-04T00:00:00Z'))).toBe(0);
  });

  it('say what somebody should look at', () => {
    const doubtful = {
      ...graded('pass', 'inconclusive', 'grader-error', {reason: 'too slow'}),
      isolation: {isolated: false, reason: 'the grader is not root'},
    };
    const {review} = marksOf(
      doubtful,
      policy({deadlines: [{until: new Date(0), percent: 1}]}),
      undefined,
    );
    expect(review).toEqual([
      'not isolated: the grader is not root',
      expect.stringContaining('not known when'),
      'newest-wins: inconclusive: too slow',
      expect.stringContaining('files-sstables: grader-error'),
    ]);
  });
});

describe('results.json for Gradescope', () => {
  const withCard = graded('pass', 'fail', 'grader-error', {
    failure: failure({details: ['\u001b[2J']}),
  });
  const marks = marksOf(withCard, policy(), undefined);
  const results = (showSeed: boolean) =>
    gradescopeResults(report({gradings: [{...withCard, marks}]}), {showSeed}) as {
      score: number;
      tests: {name: string; status: string; score: number; max_score: number; output: string}[];
    };

  it('has the marks, and a status for each check', () => {
    const {score, tests} = results(false);
    expect(score).toBe(50);
    expect(tests.map(({status, score: points, max_score: max}) => [status, points, max])).toEqual([
      ['passed', 10, 10],
      ['failed', 0, 30],
      ['failed', 0, 0],
    ]);
    expect(tests[1]?.output).toContain('a wrong value of apple was read');
    expect(tests[1]?.output).not.toContain('\u001b');
  });

  it('shows the seed only if the policy does', () => {
    expect(results(true).tests[1]?.output).toContain('--seed 7');
    expect(JSON.stringify(results(false))).not.toContain('seed');
  });

  it('without a result has no marks, and blames nobody', () => {
    const none = gradescopeResults(report({gradings: []}), {showSeed: false});
    expect(none).toEqual(noResult('there is no result', 0));
    expect(JSON.stringify(none)).toContain('This says nothing about your server');
    expect(none).not.toHaveProperty('score');
  });
});
