import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {tablesMax} from '../src/level-sizes.ts';
import {
  ALL_KEYS,
  afterCompaction,
  firstReaching,
  type Levels,
  runsToCompact,
  type SSTable,
  tablesFor,
} from '../src/levels.ts';
import {DEFAULT_OPTIONS} from '../src/options.ts';

const newer = {path: 'l0/sst-9.json', ...ALL_KEYS};
const older = {path: 'l0/sst-8.json', ...ALL_KEYS};
const aToC = {path: 'l1/sst-5.json', minKey: 'a', maxKey: 'c'};
const eToG = {path: 'l1/sst-6.json', minKey: 'e', maxKey: 'g'};
const bToF = {path: 'l2/sst-1.json', minKey: 'b', maxKey: 'f'};
const levels: Levels = [[older, newer], [aToC, eToG], [bToF]];

it.each([
  ['a', [aToC]],
  ['b', [aToC, bToF]],
  ['c', [aToC, bToF]],
  ['c0', [bToF]],
  ['e', [eToG, bToF]],
  ['g', [eToG]],
  ['g0', []],
  ['_', []],
])('asks for %s all of L0, newest first, and one of each lower level', (key, lower) => {
  expect(tablesFor(levels, key)).toEqual([newer, older, ...lower]);
});

it('finds by binary search what a linear one finds', () => {
  const ranges = fc
    .uniqueArray(fc.integer({min: 100, max: 999}), {maxLength: 40})
    .map((numbers) => pairs(numbers.toSorted((a, b) => a - b)));
  fc.assert(
    fc.property(ranges, fc.integer({min: 100, max: 999}).map(String), (tables, key) => {
      expect(firstReaching(tables, key)).toBe(tables.find(({maxKey}) => maxKey >= key));
    }),
  );
});

it('merges each SSTable of L0 for itself, and a lower level as one', () => {
  expect(runsToCompact(levels, 0)).toEqual([[newer], [older], [aToC, eToG]]);
  expect(runsToCompact(levels, 1)).toEqual([[aToC, eToG], [bToF]]);
  expect(afterCompaction(levels, 0, [[older], [aToC, eToG]], [bToF])).toEqual([
    [newer],
    [bToF],
    [bToF],
  ]);
});

it('gives each level but the last a bound', () => {
  const sizes = (options: object): number[] =>
    [0, 1, 2].map((level) => tablesMax(level, {...DEFAULT_OPTIONS, ...options}));
  expect(sizes({})).toEqual([5, Infinity, Infinity]);
  expect(sizes({levelCount: 3})).toEqual([5, 50, Infinity]);
  expect(sizes({levelCount: 4, levelSizeRatio: 3})).toEqual([5, 15, 45]);
});

function pairs(numbers: readonly number[]): SSTable[] {
  const tables: SSTable[] = [];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const [minKey, maxKey] = [String(numbers[index]), String(numbers[index + 1])];
    tables.push({path: `l1/sst-${index + 1}.json`, minKey, maxKey});
  }
  return tables;
}
