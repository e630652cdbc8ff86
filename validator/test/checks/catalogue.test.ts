import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {checkIds, checksOf, weekOf} from '../../src/checks/catalogue.ts';
import type {Check} from '../../src/checks/check.ts';
import {WEEK_LAST} from '../../src/checks/week-rules.ts';

const WORKSHOP = fileURLToPath(new URL('../../..', import.meta.url));
const ALL = new Map<string, Check>();
for (let week = 1; week <= WEEK_LAST; week++) {
  for (const check of checksOf(week)) ALL.set(check.id, check);
}

describe('the catalogue', () => {
  it('has each id once, and no check that is valid in no week', () => {
    expect(checkIds()).toEqual(Array.from(new Set(checkIds())));
    expect(Array.from(ALL.keys()).sort()).toEqual(checkIds().sort());
  });

  it('begins each week with a short file and ends it with a long one', () => {
    for (const week of [1, 2, 3]) {
      const ids = checksOf(3)
        .filter((check) => check.weekFirst === week)
        .map((check) => check.id);
      expect(ids.at(0)).toBe(`replay-week-0${week}-short`);
      expect(ids.at(-1)).toBe(`replay-week-0${week}`);
    }
  });

  it('goes week by week, the long files of earlier weeks last', () => {
    const checks = checksOf(3);
    const weeks = checks.slice(0, -2).map((check) => check.weekFirst);
    expect(weeks).toEqual([...weeks].sort((a, b) => a - b));
    expect(checks.slice(-3).map((check) => check.id)).toEqual([
      'replay-week-03',
      'replay-week-01',
      'replay-week-02',
    ]);
  });

  it('does not blame an earlier week for a long file of its', () => {
    const weeks = new Map(checksOf(3).map((check) => [check.id, weekOf(check, 3)]));
    expect(weeks.get('replay-week-01')).toBe(3);
    expect(weeks.get('replay-week-01-short')).toBe(1);
    expect(weeks.get('newest-wins')).toBe(2);
  });

  it('asks for nothing before its week', () => {
    expect(checksOf(1).every((check) => check.needs === 'requests')).toBe(true);
    expect(checksOf(2).map((check) => check.id)).not.toContain('kill-twice');
  });

  it('asks for empty and long values until week 5 only', () => {
    for (const id of ['value-empty', 'value-long', 'replay-week-01']) {
      expect(checksOf(5).map((check) => check.id)).toContain(id);
      expect(checksOf(6).map((check) => check.id)).not.toContain(id);
    }
  });

  it('claims a format for all that looks into files', () => {
    for (const check of ALL.values()) {
      expect(check.claims !== undefined, check.id).toBe(check.needs === 'files');
    }
  });
});

describe.each(Array.from(ALL.values()))('$id', (check) => {
  it('fits into the table', () => {
    expect(check.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(check.id.length).toBeLessThanOrEqual(23);
    expect(check.title.length).toBeLessThanOrEqual(31);
  });

  it('names a section that exists', () => {
    const [, file = '', anchor = ''] =
      /^(docs\/[\w/]+\.md)#([a-z0-9-]+)$/.exec(check.hints.chapter) ?? [];
    expect(existsSync(`${WORKSHOP}/${file}`), check.hints.chapter).toBe(true);
    expect(anchorsOf(`${WORKSHOP}/${file}`)).toContain(anchor);
  });
});

/** As GitHub makes them from headings. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
