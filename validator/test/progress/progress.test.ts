import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Chalk} from 'chalk';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {checksOf} from '../../src/checks/catalogue.ts';
import {readProgress, saveProgress} from '../../src/progress/progress-file.ts';
import {allProgress, progressLines, weekProgress} from '../../src/progress/show-progress.ts';
import {nextChecks} from '../../src/watch/next-checks.ts';
import {grading, result} from '../report/results.ts';

const EARLY = new Date('2026-01-01T00:00:00Z');
const LATE = new Date('2026-01-02T00:00:00Z');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

const [first = '', second = '', third = ''] = checksOf(1).map(({id}) => id);

describe('progress', () => {
  it('is what each check came to when it last ran, and since when', () => {
    saveProgress(
      folder,
      grading([result(first, 'pass'), result(second, 'fail')], {week: 1}),
      EARLY,
    );
    const later = [result(first, 'pass'), result(second, 'pass'), result(third, 'blocked')];
    saveProgress(folder, grading(later, {week: 1}), LATE);
    expect(readProgress(folder).weeks).toEqual({
      1: {
        [first]: {state: 'pass', since: EARLY.toISOString()},
        [second]: {state: 'pass', since: LATE.toISOString()},
      },
    });
  });

  it('of a week is how many pass, which one does not, and which comes next', () => {
    saveProgress(folder, grading([result(first, 'pass')], {week: 1}), EARLY);
    const one = weekProgress(readProgress(folder), 1);
    expect(one).toEqual({week: 1, checks: 8, passed: 1, failing: undefined, next: second});
    saveProgress(folder, grading([result(second, 'inconclusive')], {week: 1}), LATE);
    const lines = progressLines(allProgress(readProgress(folder)), new Chalk({level: 0}));
    expect(lines[0]).toBe(
      `  week 1  ██░░░░░░░░░░░░░░░░░░   1 of 8  ${second} does not pass, since 2026-01-02`,
    );
    expect(lines[1]).toMatch(/^ {2}week 2 {2}░{20} +0 of \d+ {2}not begun$/);
  });

  it('begins anew where the file makes no sense', () => {
    mkdirSync(join(folder, '.kv'));
    for (const text of ['{', '{"version": 9}', '[]']) {
      writeFileSync(join(folder, '.kv/progress.json'), text);
      expect(readProgress(folder).weeks).toEqual({});
    }
  });

  it('neither reads nor writes through a link', () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, '{"version": 1, "weeks": {"1": {}}}');
    mkdirSync(join(folder, '.kv'));
    symlinkSync(victim, join(folder, '.kv/progress.json'));
    expect(readProgress(folder).weeks).toEqual({});
    saveProgress(folder, grading([result(first, 'pass')], {week: 1}));
    expect(readFileSync(victim, 'utf8')).toBe('{"version": 1, "weeks": {"1": {}}}');
    expect(readProgress(folder).weeks).not.toEqual({});
  });
});

it('a FIFO where the file should be is no reason to wait', () => {
  mkdirSync(join(folder, '.kv'));
  const fifo = join(folder, '.kv/progress.json');
  spawnSync('mkfifo', [fifo, `${fifo}.tmp`]);
  expect(readProgress(folder).weeks).toEqual({});
  saveProgress(folder, grading([result(first, 'pass')], {week: 1}));
  expect(readProgress(folder).weeks).not.toEqual({});
});

describe('the checks after a save', () => {
  it('are the one that failed, then those behind it, then all', () => {
    const progress = {
      version: 1 as const,
      weeks: {1: {[second]: {state: 'fail' as const, since: ''}}},
    };
    expect(nextChecks(progress, 1, undefined)).toEqual([second]);
    const behind = checksOf(1).slice(2);
    expect(nextChecks(progress, 1, [second])).toEqual(behind.map(({id}) => id));
    expect(
      nextChecks(
        progress,
        1,
        behind.map(({id}) => id),
      ),
    ).toBeUndefined();
  });

  it('are all if nothing is known to fail', () => {
    expect(nextChecks({version: 1, weeks: {}}, 1, undefined)).toBeUndefined();
  });
});
