import {expect, test} from 'vitest';
import type {Comparison} from '../../tools/bench/measure.ts';
import {comparisonTable, markdownTable, rounded, textTable} from '../../tools/bench/table.ts';

const COMPARISON: Comparison = {
  name: 'hit',
  limit: {atLeast: 1.2},
  perSecond: [12_000, 10_000],
  ratio: 1.2,
  ratioMin: 1.1,
  ratioMax: 1.25,
};

test('a limit is named, met or not, and none is needed', () => {
  const limits = [
    {atLeast: 1.2},
    {atLeast: 1.21},
    {atMost: 1.2},
    {atMost: 1.19},
    undefined,
  ] as const;
  const {rows} = comparisonTable(
    '',
    limits.map((limit) => ({...COMPARISON, limit})),
  );
  expect(rows.map((row) => row.at(-1))).toEqual([
    'at least 1.2: met',
    'at least 1.21: not met',
    'at most 1.2: met',
    'at most 1.19: not met',
    '',
  ]);
});

test('a table as text and as Markdown', () => {
  const table = comparisonTable('Reads', [COMPARISON], ['In process.']);
  expect(textTable(table)).toBe(
    [
      'Reads',
      '',
      'ours / peer  ours, a second  peer, a second                ratio              limit',
      '───────────  ──────────────  ──────────────  ───────────────────  ─────────────────',
      'hit                  12,000          10,000  1.20 (1.10 to 1.25)  at least 1.2: met',
      '',
      'In process.',
      '',
    ].join('\n'),
  );
  expect(markdownTable(table)).toBe(
    [
      '| ours / peer | ours, a second | peer, a second | ratio | limit |',
      '| --- | ---: | ---: | ---: | ---: |',
      '| hit | 12,000 | 10,000 | 1.20 (1.10 to 1.25) | at least 1.2: met |',
      '',
      'In process.',
    ].join('\n'),
  );
});

test.each([
  [0.012_345, '0.0123'],
  [1.234, '1.23'],
  [99.96, '100'],
  [12_345.6, '12,346'],
])('%d is shown as %s', (value, text) => {
  expect(rounded(value)).toBe(text);
});
