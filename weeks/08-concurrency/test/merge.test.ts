import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {merge} from '../src/merge.ts';
import type {Entry} from '../src/sstable.ts';

const entry = fc.record<Entry>({
  key: fc.string({unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 3}),
  value: fc.option(fc.string(), {freq: 3}),
});
const run = fc
  .uniqueArray(entry, {selector: ({key}) => key, maxLength: 30})
  .map((entries) => entries.toSorted((a, b) => (a.key < b.key ? -1 : 1)));

it('equals sorting all entries and keeping the newest of each key', () => {
  fc.assert(
    fc.property(fc.array(run, {maxLength: 8}), (runs) => {
      expect([...merge(runs)]).toEqual(sortAndDedupe(runs));
    }),
  );
});

it('takes from each run no more than one entry ahead', () => {
  const runs = 3;
  let taken = 0;
  const counted = function* (first: number): Generator<Entry> {
    for (let number = first; number < 300; number += runs) {
      taken += 1;
      yield {key: String(number).padStart(3, '0'), value: ''};
    }
  };
  let given = 0;
  for (const _ of merge([counted(2), counted(0), counted(1)])) {
    given += 1;
    expect(taken - given).toBeLessThan(runs);
  }
  expect(given).toBe(300);
});

/** @param runs newest first */
function sortAndDedupe(runs: readonly Entry[][]): Entry[] {
  const newest = new Map<string, Entry>();
  for (const each of runs.toReversed().flat()) newest.set(each.key, each);
  return [...newest.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
