import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import {checkHistory} from '../../src/linearizability/check-history.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import {isWrite, type Operation} from '../../src/linearizability/operation.ts';
import {hasOrder} from './brute-force.ts';
import {DELETE, get, historiesOf, NEVER, PRESENT, put} from './histories.ts';

/**
 * The histories that hold the checker against the definition would notice a
 * checker with any of these bugs. Each sees the history a little wrong.
 */
const BUGS: Readonly<Record<string, (operation: Operation) => Operation | undefined>> = {
  'lost writes never happened': (each) => (each.return === NEVER ? undefined : each),
  'lost writes happened at once': (each) =>
    each.return === NEVER && isWrite(each.action) ? {...each, return: each.invoke} : each,
  'lost writes happened while they were waited for': (each) =>
    each.return === NEVER && isWrite(each.action) ? {...each, return: each.invoke + 2} : each,
  'a lost read has seen something': (each) =>
    each.return === NEVER && !isWrite(each.action) ? {...each, return: each.invoke + 4} : each,
  'a read may be of the past': (each) => (isWrite(each.action) ? each : {...each, invoke: 0}),
  'a write may come late': (each) => (isWrite(each.action) ? {...each, return: NEVER} : each),
  'a write takes effect when it is sent': (each) =>
    isWrite(each.action) ? {...each, return: Math.min(each.return, each.invoke)} : each,
  'what touches does not overlap': (each) => ({...each, return: each.return - 0.5}),
  'what follows at once overlaps': (each) => ({...each, return: each.return + 1}),
  'deletes are overlooked': (each) => (each.action.op === 'delete' ? undefined : each),
  'an absent key tells nothing': (each) =>
    each.action.op === 'get' && each.action.value === null ? undefined : each,
  'a listed key tells nothing': (each) => (each.action.op === 'present' ? undefined : each),
  'reads of equal values are one': (each) =>
    each.action.op === 'get' ? {...each, invoke: 0, return: 13} : each,
};

const model = modelOf('register') as Model;
const VALUE = fc.constantFrom('0', '1');
const ACTIONS = fc.oneof(
  VALUE.map(put),
  VALUE.map(get),
  fc.constantFrom(get(null), DELETE, PRESENT),
);

test.each(Object.entries(BUGS))('would be noticed: %s', (_, seesWrong) => {
  let noticed = 0;
  fc.assert(
    fc.property(historiesOf(ACTIONS, 6), (operations) => {
      const seen = operations.map(seesWrong).filter((each) => each !== undefined);
      const {verdict} = checkHistory({operations: seen, scans: []}, {model});
      if ((verdict === 'linearizable') !== hasOrder(model, operations)) noticed++;
    }),
    {seed: 20_26, numRuns: 2_000},
  );
  expect(noticed).toBeGreaterThan(5);
});
