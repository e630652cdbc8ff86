import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkHistory} from '../../src/linearizability/check-history.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import type {Action, Operation} from '../../src/linearizability/operation.ts';
import {Search} from '../../src/linearizability/search.ts';
import {checkZones} from '../../src/linearizability/zones.ts';
import {hasOrder} from './brute-force.ts';
import {
  append,
  cas,
  DELETE,
  get,
  historiesOf,
  operation,
  PRESENT,
  put,
  withUniqueValues,
} from './histories.ts';

/** Three ways to the same verdict: by definition, by search, by sorting. */

const SEED = 20_26;
const VALUES = fc.constantFrom('0', '1', '2');
const PUT = VALUES.map(put);
const GET = fc.oneof(VALUES, fc.constant(null)).map(get);
const CAS = fc
  .tuple(fc.oneof(VALUES, fc.constant(null)), VALUES, fc.boolean())
  .map((parts) => cas(...parts));
const APPEND = fc.constantFrom('a', 'b').map(append);
const READ_TEXT = fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', null).map(get);

const ACTIONS: Readonly<Record<string, fc.Arbitrary<Action>>> = {
  register: fc.oneof(PUT, GET, fc.constant(DELETE), fc.constant(PRESENT)),
  'cas-register': fc.oneof(PUT, GET, fc.constant(DELETE), CAS, CAS),
  append: fc.oneof(APPEND, READ_TEXT, READ_TEXT, fc.constant(DELETE), fc.constant(put('a'))),
};

function searched(model: Model, operations: readonly Operation[]): boolean {
  const verdict = new Search(model, operations).advance(1_000_000);
  if (verdict === undefined) throw new Error('a million steps did not do');
  return verdict === 'linearizable';
}

/** Both verdicts have to come about often, or agreement says little. */
class Verdicts {
  #good = 0;
  #bad = 0;

  add(isGood: boolean): void {
    if (isGood) this.#good++;
    else this.#bad++;
  }

  expectBothOften(times: number): void {
    expect(this.#good).toBeGreaterThan(times);
    expect(this.#bad).toBeGreaterThan(times);
  }
}

describe.each(Object.keys(ACTIONS))('%s', (name) => {
  const model = modelOf(name) as Model;
  const actions = ACTIONS[name] as fc.Arbitrary<Action>;

  test('the search agrees with the definition', () => {
    const verdicts = new Verdicts();
    fc.assert(
      fc.property(historiesOf(actions, 6), (operations) => {
        const expected = hasOrder(model, operations);
        verdicts.add(expected);
        expect(searched(model, operations)).toBe(expected);
      }),
      {seed: SEED, numRuns: 4_000},
    );
    verdicts.expectBothOften(300);
  });

  test('a counter-example is impossible by definition, and proves the same of the whole', () => {
    let counterexamples = 0;
    fc.assert(
      fc.property(historiesOf(actions, 6), (operations) => {
        const {verdict, counterexample} = checkHistory({operations, scans: []}, {model});
        expect(verdict === 'linearizable').toBe(hasOrder(model, operations));
        if (counterexample === undefined) return;
        counterexamples++;
        const {operations: few, unexplained} = counterexample;
        expect(few).toContain(unexplained);
        for (const each of few) expect(operations).toContain(each);
        expect(hasOrder(model, few)).toBe(false);
      }),
      {seed: SEED, numRuns: 3_000},
    );
    expect(counterexamples).toBeGreaterThan(300);
  });
});

describe('zones', () => {
  const model = modelOf('register') as Model;
  const actions = fc.oneof(
    PUT,
    fc.nat(9).map((index) => get(String(index))),
    fc.constant(get(null)),
  );

  test('agree with the definition, where each value has one writer', () => {
    const verdicts = new Verdicts();
    fc.assert(
      fc.property(historiesOf(actions, 7), (drafts) => {
        const operations = withUniqueValues(drafts);
        const {kind} = checkZones(operations);
        expect(kind).not.toBe('ambiguous');
        verdicts.add(kind === 'linearizable');
        expect(kind === 'linearizable').toBe(hasOrder(model, operations));
      }),
      {seed: SEED, numRuns: 4_000},
    );
    verdicts.expectBothOften(300);
  });

  test('agree with the search on longer histories, with deletes that nobody saw', () => {
    const verdicts = new Verdicts();
    const withDeletes = fc.oneof(
      {weight: 4, arbitrary: PUT},
      {weight: 6, arbitrary: fc.nat(19).map((index) => get(String(index)))},
      {weight: 1, arbitrary: fc.constant(DELETE)},
    );
    fc.assert(
      fc.property(historiesOf(withDeletes, 20), (drafts) => {
        // Reads of values that somebody writes, or nearly all of them are impossible.
        const unique = withUniqueValues(drafts);
        const written = new Set(
          unique.map(({action}) => (action.op === 'put' ? action.value : '')),
        );
        const operations = unique.filter(
          ({action}) => action.op !== 'get' || written.has(action.value ?? ''),
        );
        const {kind} = checkZones(operations);
        expect(kind).not.toBe('ambiguous');
        verdicts.add(kind === 'linearizable');
        expect(kind === 'linearizable').toBe(searched(model, operations));
      }),
      {seed: SEED, numRuns: 4_000},
    );
    verdicts.expectBothOften(300);
  });

  test('say so where a read may have seen one of several writes', () => {
    const twice = [operation(put('1'), 0, 1), operation(put('1'), 2, 3)];
    expect(checkZones(twice).kind).toBe('linearizable');
    expect(checkZones([...twice, operation(get('1'), 4, 5)]).kind).toBe('ambiguous');
    const deleted = [operation(DELETE, 0, 1), operation(get(null), 2, 3)];
    expect(checkZones(deleted).kind).toBe('ambiguous');
  });
});
