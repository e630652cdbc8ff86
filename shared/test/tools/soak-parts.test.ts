import {describe, expect, it} from 'vitest';
import type {Mutant} from '../../../validator/test/mutants/mutant.ts';
import {chooseParts} from '../../tools/soak/parts.ts';

const mutant = (name: string, week: number): Mutant => {
  return {name, week, bug: '', caughtBy: '', edits: []};
};
const THERE = {
  mutants: [mutant('one', 1), mutant('two', 2), mutant('other', 2)],
  weekLast: 3,
  known: new Set(['two']),
};

function chosen(values: Partial<Parameters<typeof chooseParts>[0]>) {
  const {mutants, weeks, rounds} = chooseParts({rounds: '3', load: '0', ...values}, THERE);
  return {mutants: mutants.map(({name}) => name), weeks, rounds};
}

describe('a soak run', () => {
  it('is all there is', () => {
    expect(chosen({})).toEqual({mutants: ['one', 'two', 'other'], weeks: [1, 2, 3], rounds: 3});
  });

  it('can be of some weeks', () => {
    expect(chosen({week: ['2', '3']})).toMatchObject({mutants: ['two', 'other'], weeks: [2, 3]});
  });

  it('can be of some mutants', () => {
    expect(chosen({mutant: ['one', 'two']})).toMatchObject({mutants: ['one', 'two'], weeks: []});
  });

  it('can be of what is not known yet', () => {
    expect(chosen({missing: true})).toMatchObject({mutants: ['one', 'other'], weeks: []});
    expect(chosen({missing: true, week: ['1']})).toMatchObject({mutants: ['one']});
  });

  it('can be of a few mutants that take turns', () => {
    const bySeed = ['0', '1', '2', '3'].map((seed) => chosen({sample: '1', seed}).mutants);
    expect(bySeed.slice(0, 3).flat().toSorted()).toEqual(['one', 'other', 'two']);
    expect(bySeed[3]).toEqual(bySeed[0]);
    expect(chosen({sample: '1', seed: '0', week: ['3']}).mutants).toEqual([]);
    expect(chosen({sample: '5'}).mutants).toHaveLength(3);
  });

  it.for<[Partial<Parameters<typeof chooseParts>[0]>, string]>([
    [{week: ['4']}, '--week 4: expected a whole number from 1 to 3'],
    [{rounds: 'many'}, '--rounds many'],
    [{load: '65'}, '--load 65: expected a whole number from 0 to 64'],
    [{sample: 'few'}, '--sample few'],
    [{seed: '-1'}, '--seed -1'],
    [{mutant: ['three']}, '--mutant three: there is no such mutant'],
  ])('is refused for %j', ([values, problem]) => {
    expect(() => chosen(values)).toThrow(problem);
  });
});
