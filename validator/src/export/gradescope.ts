/**
 * results.json of Gradescope:
 * https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format
 */
import {Chalk} from 'chalk';
import type {CheckResult, GradeReport, Grading} from '../grade/result.ts';
import {escapeText} from '../report/escape.ts';
import {failureCard} from '../report/failure-card.ts';
import {headline} from '../report/headline.ts';

const PLAIN = new Chalk({level: 0});

interface GradescopeTest {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly score: number;
  readonly max_score: number;
  readonly output: string;
  readonly output_format: 'text';
  readonly visibility: 'visible';
}

export interface GradescopeOptions {
  /** Whether commands that name the seed are shown to the student. */
  readonly showSeed: boolean;
}

/** REQUIRES: it was marked: one grading, with marks. */
export function gradescopeResults(report: GradeReport, options: GradescopeOptions): object {
  const [grading] = report.gradings;
  if (grading?.marks?.earned === undefined) {
    return noResult('there is no result', grading?.marks?.total ?? 0);
  }
  const {marks} = grading;
  return {
    score: marks.earned,
    output: [headline(grading), ...lateness(grading), ...reviewLines(grading)].join('\n'),
    output_format: 'text',
    visibility: 'visible',
    // What servers print is for the cards; the rest is for instructors.
    stdout_visibility: 'hidden',
    tests: grading.checks.map((check) => test(check, grading, options)),
  };
}

/**
 * What stands there while the grader runs, and stays if it dies: no marks, and
 * no doubt that this is not the student's doing.
 */
export function noResult(reason: string, total: number): object {
  const output =
    `The grader did not finish: ${escapeText(reason)}. ` +
    'This says nothing about your server: tell your instructor, who can grade it again.';
  const failed = {status: 'failed', score: 0, max_score: total, output, output_format: 'text'};
  return {
    output,
    output_format: 'text',
    tests: [{name: 'grading', ...failed, visibility: 'visible'}],
  };
}

function test(check: CheckResult, {marks}: Grading, options: GradescopeOptions): GradescopeTest {
  const worth = marks?.checks.find(({id}) => id === check.id);
  const counted = worth?.counts === true;
  const isLeftOut = worth?.counts === false;
  return {
    name: `${check.id}: ${check.title}`,
    status: check.state === 'pass' ? 'passed' : 'failed',
    score: worth?.earned ?? 0,
    // What does not count is worth nothing, so that the list adds up.
    max_score: counted ? worth.points : 0,
    output: outputOf(check, isLeftOut, options),
    output_format: 'text',
    visibility: 'visible',
  };
}

function outputOf(check: CheckResult, isLeftOut: boolean, {showSeed}: GradescopeOptions): string {
  const reason = check.reason === undefined ? [] : [`${check.state}: ${escapeText(check.reason)}`];
  const notCounted = isLeftOut ? ['This does not count.'] : [];
  const {failure} = check;
  if (failure === undefined) {
    return [check.proves, ...reason, ...check.notes.map(escapeText), ...notCounted].join('\n');
  }
  const shown = showSeed ? failure : {...failure, reproduce: []};
  return [...failureCard({...check, failure: shown}, PLAIN), ...notCounted].join('\n');
}

function lateness({marks}: Grading): string[] {
  if (marks === undefined || marks.percent === 100) return [];
  return [`Late: ${marks.percent} % of what was earned counts.`];
}

function reviewLines({marks}: Grading): string[] {
  return (marks?.review.length ?? 0) === 0 ? [] : ['Not final: somebody has to look at it.'];
}
