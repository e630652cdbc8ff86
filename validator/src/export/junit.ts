/**
 * JUnit XML, the subset that Jenkins' junit plugin, GitLab and most others read:
 * https://github.com/jenkinsci/junit-plugin (a suite a grading, a case a check).
 */
import {Chalk} from 'chalk';
import type {CheckResult, GradeReport, Grading} from '../grade/result.ts';
import {failureCard, smallestReplayLines} from '../report/failure-card.ts';
import {escapeMarkup} from './xml.ts';

const PLAIN = new Chalk({level: 0});

export function junitXml({gradings, startedAt}: GradeReport): string {
  const suites = gradings.flatMap((grading) => suite(grading, startedAt));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(grading: Grading, startedAt: string): string[] {
  const {checks, durationMs, week, target} = grading;
  const head = attributes({
    name: `kv week ${week}`,
    hostname: target.name,
    timestamp: startedAt.replace(/\.\d+Z$/, ''),
    time: seconds(durationMs),
    tests: checks.length,
    failures: number(checks, isFailure),
    errors: number(checks, isError) + (grading.interrupted ? 1 : 0),
    skipped: number(checks, isSkipped),
  });
  return [
    `  <testsuite${head}>`,
    ...checks.flatMap((check) => testCase(check, week)),
    // Else a run that was cut short would look like one that passed.
    ...(grading.interrupted ? [interrupted(week)] : []),
    '  </testsuite>',
  ];
}

function testCase(check: CheckResult, gradedWeek: number): string[] {
  const head = attributes({
    name: `${check.id}: ${check.title}`,
    classname: `kv.week${gradedWeek}`,
    time: seconds(check.durationMs),
  });
  const children = [...outcome(check), ...notes(check)];
  if (children.length === 0) return [`    <testcase${head}/>`];
  return [`    <testcase${head}>`, ...children.map((line) => `      ${line}`), '    </testcase>'];
}

function outcome(check: CheckResult): string[] {
  const message = attributes({message: check.reason ?? check.state, type: check.state});
  if (isSkipped(check))
    return [`<skipped${attributes({message: `${check.state}: ${check.reason ?? ''}`})}/>`];
  const details = escapeMarkup(cardText(check));
  if (isFailure(check)) return [`<failure${message}>${details}</failure>`];
  return isError(check) ? [`<error${message}>${details}</error>`] : [];
}

function notes({notes: remarks}: CheckResult): string[] {
  if (remarks.length === 0) return [];
  return [`<system-out>${escapeMarkup(remarks.join('\n'))}</system-out>`];
}

function interrupted(week: number): string {
  const head = attributes({name: 'interrupted', classname: `kv.week${week}`});
  return `    <testcase${head}><error message="the grading was interrupted"/></testcase>`;
}

/** The card as the terminal shows it. */
function cardText(check: CheckResult): string {
  const small = smallestReplayLines(check, PLAIN);
  return [...failureCard(check, PLAIN), ...(small.length > 0 ? ['', ...small] : [])].join('\n');
}

const isFailure = ({state}: CheckResult): boolean => state === 'fail';
/** No verdict: neither the server's fault nor a pass. */
const isError = ({state}: CheckResult): boolean =>
  state === 'inconclusive' || state === 'grader-error';
const isSkipped = ({state}: CheckResult): boolean =>
  state === 'blocked' || state === 'not-claimed' || state === 'unavailable';

function number(checks: readonly CheckResult[], matches: (check: CheckResult) => boolean): number {
  return checks.filter(matches).length;
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeMarkup(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(3);
}
