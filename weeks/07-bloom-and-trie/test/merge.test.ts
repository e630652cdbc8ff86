import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {entriesOf, merge, type Stretch, stretchOf} from '../src/merge.ts';
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
    fc.property(fc.array(run, {maxLength: 8}), fc.integer({min: 1, max: 9}), (runs, size) => {
      const merged = merge(runs.map((entries) => inStretches(entries, size)));
      expect([...entriesOf(merged)]).toEqual(sortAndDedupe(runs));
    }),
  );
});

it('takes from each run no more than one stretch ahead', () => {
  const runs = 3;
  let taken = 0;
  const counted = function* (first: number): Generator<Stretch> {
    for (let number = first; number < 300; number += 2 * runs) {
      taken += 2;
      const keys = [number, number + runs].map((each) => String(each).padStart(3, '0'));
      yield stretchOf(keys.map((key) => ({key, value: ''})));
    }
  };
  let given = 0;
  for (const {start, end} of merge([counted(2), counted(0), counted(1)])) {
    given += end - start;
    expect(taken - given).toBeLessThan(2 * runs);
  }
  expect(given).toBe(300);
});

it('passes on what does not overlap as it is', () => {
  const stretches = ['a', 'b', 'c'].map((letter) =>
    stretchOf([1, 2].map((digit) => ({key: `${letter}${digit}`, value: ''}))),
  );
  const [a, b, c] = stretches as [Stretch, Stretch, Stretch];
  expect([...merge([[b], [a, c]])]).toEqual([a, b, c]);
});

function* inStretches(entries: readonly Entry[], size: number): Generator<Stretch> {
  for (let start = 0; start < entries.length; start += size) {
    yield stretchOf(entries.slice(start, start + size));
    // Of some blocks a reader needs nothing.
    yield stretchOf([]);
  }
}

/** @param runs newest first */
function sortAndDedupe(runs: readonly Entry[][]): Entry[] {
  const newest = new Map<string, Entry>();
  for (const each of runs.toReversed().flat()) newest.set(each.key, each);
  return [...newest.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
