import {expect, test} from 'vitest';
import {describeWeek, excerptOfWeek, weeksTable} from '../../tools/bench/weeks.ts';

const SECOND = {
  putsPerSecond: 1_000,
  hitsPerSecond: 20,
  missesPerSecond: 10,
  scansPerSecond: undefined,
  restartMs: 5,
  diskBytesPerByte: 2.5,
  writtenBytesPerByte: 1.25,
};
const THIRD = {...SECOND, putsPerSecond: 500, missesPerSecond: 0.01, scansPerSecond: 7};
const [SLOW, FAST] = [100, 900].map((putsPerSecond) => ({...THIRD, putsPerSecond}));

test('medians of the rounds, beside the week before where it has such a figure', () => {
  const table = weeksTable([
    {week: 2, title: 'lsm tree', rounds: [SECOND]},
    {week: 3, title: 'write ahead log', rounds: [SLOW ?? THIRD, FAST ?? THIRD, THIRD]},
  ]);
  expect(table.rows).toEqual([
    ['2 lsm tree', '1,000', '20', '10', '–', '5', '2.5', '1.25'],
    [
      '3 write ahead log',
      '500 (0.5)',
      '20 (1)',
      '0.01 (1/1,000)',
      '7',
      '5 (1)',
      '2.5 (1)',
      '1.25 (1)',
    ],
  ]);
});

test('a chapter quotes its week and the one before', () => {
  const weeks = [1, 2, 3, 4].map((week) => ({week, title: `of ${week}`, rounds: [SECOND]}));
  const [excerpt] = excerptOfWeek([weeksTable(weeks)], '3');
  expect(excerpt?.rows.map(([name]) => name)).toEqual(['2 of 2', '3 of 3']);
});

test('a folder says which week it is', () => {
  expect(describeWeek('07-bloom-and-trie')).toEqual({week: 7, title: 'bloom and trie'});
});
