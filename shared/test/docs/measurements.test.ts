/** The figures in the documents have the shape that the benches give them. */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {BENCHES} from '../../tools/bench/catalogue.ts';
import {type DocBlock, docBlocks, NOT_MEASURED} from '../../tools/bench/doc-blocks.ts';
import {markdownTable} from '../../tools/bench/table.ts';
import {describeWeek, excerptOfWeek, weekFolders, weeksTable} from '../../tools/bench/weeks.ts';
import {ROOT} from '../../tools/tool.ts';

const OVERVIEW = 'docs/measurements.md';
const CHAPTERS = readdirSync(join(ROOT, 'docs/weeks'))
  .sort()
  .map((name) => `docs/weeks/${name}`);
const MEASURED_ON = /^Measured on \d{1,2} \w+ \d{4}, Node [\d.]+, .*; .* used, \d+ rounds?\.$/m;

const NO_FIGURES = {
  putsPerSecond: 1,
  hitsPerSecond: 1,
  missesPerSecond: 1,
  scansPerSecond: 1,
  restartMs: 1,
  diskBytesPerByte: 1,
  writtenBytesPerByte: 1,
};

test('each bench has its block in the overview, and no other name has one', () => {
  const names = blocksOf(OVERVIEW).map(({name}) => name);
  expect(names.sort()).toEqual(BENCHES.map(({name}) => name).sort());
});

test('each chapter quotes its week', () => {
  const quoted = CHAPTERS.map((file) => blocksOf(file).map(({name, selector}) => [name, selector]));
  expect(quoted).toEqual(CHAPTERS.map((file) => [['weeks', String(Number(file.slice(-5, -3)))]]));
});

test.each(
  [OVERVIEW, ...CHAPTERS].flatMap((file) => blocksOf(file).map((block) => ({file, ...block}))),
)('$file: the block "$name $selector" was written by its bench', ({name, selector, body}) => {
  if (body.trim() === NOT_MEASURED) return;
  expect(body).toMatch(MEASURED_ON);
  if (name === 'weeks') expect(shapeOf(body)).toEqual(shapeOf(expectedWeeks(selector)));
  else expect(shapeOf(body).length).toBeGreaterThan(0);
});

function blocksOf(file: string): DocBlock[] {
  return docBlocks(readFileSync(join(ROOT, file), 'utf8'));
}

function expectedWeeks(selector: string): string {
  const weeks = weekFolders().map((name) => ({...describeWeek(name), rounds: [NO_FIGURES]}));
  const all = [weeksTable(weeks)];
  return (selector === '' ? all : excerptOfWeek(all, selector)).map(markdownTable).join('\n\n');
}

/** The header, and of each row its name and the number of its cells. */
function shapeOf(markdown: string): (string | number)[][] {
  const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row, index) => {
    const [, ...cells] = row.split('|').map((cell) => cell.trim());
    return index === 0 ? cells : [cells[0] ?? '', cells.length];
  });
}
