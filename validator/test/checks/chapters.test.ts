/**
 * The chapters name the checks of their week. With UPDATE_GOLDEN=1 the tables are
 * written into the chapters anew.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {checksOf, gradedWeekLast} from '../../src/checks/catalogue.ts';

const WEEKS = Array.from({length: gradedWeekLast()}, (_, index) => index + 1);
const TABLE = /(<!-- checks -->\n)[\s\S]*?(<!-- \/checks -->\n)/;

it.each(WEEKS)('the chapter of week %i has a table of its checks', (week) => {
  const path = chapterPath(week);
  const before = readFileSync(path, 'utf8');
  expect(before).toMatch(TABLE);
  const after = before.replace(
    TABLE,
    (_, begin: string, end: string) => `${begin}\n${table(week)}\n${end}`,
  );
  if (process.env['UPDATE_GOLDEN'] === '1' && after !== before) writeFileSync(path, after);
  else expect(before).toBe(after);
});

it.each(WEEKS)('the tasks of week %i name checks that are valid in it', (week) => {
  const [, tasks = ''] = readFileSync(chapterPath(week), 'utf8').split('## The tasks\n');
  const [, list = ''] = /([\s\S]*?)\n## /.exec(tasks) ?? [];
  const valid = checksOf(week).map(({id}) => id);
  const named = Array.from(list.matchAll(/ \*Check:\* (.+)$/gm), ([, ids = '']) =>
    Array.from(ids.matchAll(/`([^`]+)`/g), ([, id = '']) => id),
  ).flat();
  expect(named).not.toEqual([]);
  expect(named.filter((id) => !valid.includes(id))).toEqual([]);
});

function chapterPath(week: number): string {
  return fileURLToPath(new URL(`../../../docs/weeks/0${week}.md`, import.meta.url));
}

function table(week: number): string {
  const rows = checksOf(week)
    .filter(({weekFirst}) => weekFirst === week)
    .map(({id, proves}) => `| [\`${id}\`](../checks.md#${id}) | ${proves} |\n`);
  return `| Check | A pass shows |\n|---|---|\n${rows.join('')}`;
}
