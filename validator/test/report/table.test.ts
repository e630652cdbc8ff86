import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import type {Check} from '../../src/checks/check.ts';
import type {Grading} from '../../src/grade/result.ts';
import {TerminalReporter} from '../../src/report/terminal.ts';
import {expectGolden} from '../golden.ts';
import {fakeCheck} from '../grade/plan.ts';
import {failure, grading, result} from './results.ts';

const PLAIN = new Chalk({level: 0});

/** What a grading prints, on a screen that is no terminal. */
function printed(done: Grading): string {
  let text = '';
  const screen = {write: (more: string) => void (text += more), columns: undefined};
  const reporter = new TerminalReporter(screen, PLAIN);
  reporter.gradingStarted({week: done.week, target: done.target, checks: []}, done.seed);
  for (const check of done.checks) {
    reporter.checkStarted(fakeCheck(check.id) satisfies Check);
    reporter.checkEnded(check);
  }
  reporter.gradingEnded(done);
  return text;
}

describe('the table', () => {
  it('of a pass', () => {
    const checks = [
      result('replay-week-01-short', 'pass', {
        notes: ['500 requests, 24,000 a second'],
        durationMs: 31,
      }),
      result('kill-keeps-acknowledged', 'pass', {durationMs: 65_000}),
      result('order-after-restart', 'pass', {
        notes: ['shortened to 3 of 11 rounds: the disk does 120 syncs a second'],
      }),
      result('files-wal', 'not-claimed', {reason: 'kv.yaml does not claim files: wal'}),
      result('torn-tail', 'unavailable', {reason: 'with --url the data folder cannot be seen'}),
    ];
    expectGolden('tables/pass.txt', printed(grading(checks)));
  });

  it('of a failure', () => {
    const checks = [
      result('contract-basics', 'pass'),
      result('newest-wins', 'fail', {failure: failure(), reason: 'a wrong value was read'}),
      ...['flush-readback', 'kill-twice', 'torn-tail'].map((id) =>
        result(id, 'blocked', {blockedBy: 'newest-wins', reason: 'newest-wins failed'}),
      ),
    ];
    const done = grading(checks, {exitCode: 1, earliestBrokenWeek: 2});
    expectGolden('tables/fail.txt', printed(done));
  });

  it('of a run without a verdict', () => {
    const checks = [
      result('contract-basics', 'pass'),
      result('replay-week-02', 'inconclusive', {
        reason:
          'too slow: 400 of 30000 requests, 24 a second; the rest would take longer than 5 minutes',
        notes: ['answers take about 40 ms each'],
      }),
      result('kill-twice', 'grader-error', {reason: 'no free port'}),
    ];
    expectGolden('tables/no-verdict.txt', printed(grading(checks, {exitCode: 3})));
  });

  it('of an interrupted run', () => {
    const done = grading([result('contract-basics', 'pass')], {interrupted: true, exitCode: 130});
    expectGolden('tables/interrupted.txt', printed(done));
  });

  it('shows what is noted on every check once', () => {
    const notes = ['answers take about 40 ms each'];
    const checks = ['contract-basics', 'kill-twice'].map((id) => result(id, 'pass', {notes}));
    expect(printed(grading(checks)).match(/40 ms/g)).toHaveLength(1);
  });

  it('has no line of more than 80 columns', () => {
    const long = 'word '.repeat(60);
    const states = ['pass', 'inconclusive', 'grader-error', 'not-claimed', 'unavailable'] as const;
    const checks = states.map((state) => {
      const title = 'x'.repeat(31);
      return result('kill-keeps-acknowledged', state, {title, reason: long, notes: [long]});
    });
    const lines = printed(grading(checks)).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('escapes what students have written', () => {
    const target = {kind: 'command', name: 'x\u001b[31m', arguments: []} as const;
    const checks = [result('contract-basics', 'inconclusive', {reason: 'y\u001b[2J'})];
    expect(printed(grading(checks, {target}))).not.toContain('\u001b');
  });
});

describe('on a terminal', () => {
  it('the running check is redrawn in place, and its row replaces it', () => {
    const writes: string[] = [];
    const screen = {write: (text: string) => void writes.push(text), columns: 80};
    const reporter = new TerminalReporter(screen, PLAIN);
    reporter.checkStarted(fakeCheck('kill-twice'));
    reporter.checkEnded(result('kill-twice', 'pass'));
    expect(writes[0]).toContain('\r\u001b[K  kill-twice  0.');
    expect(writes[1]).toBe('\r\u001b[K');
    expect(writes[2]).toMatch(/^ {2}pass .*\n$/);
  });
});
