import {describe, expect, test} from 'vitest';
import {checkHistory, type HistoryVerdict} from '../../src/linearizability/check-history.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import type {Action, Operation} from '../../src/linearizability/operation.ts';
import {Reducer} from '../../src/linearizability/reducer.ts';
import {get, NEVER, operation, put, simulate} from './histories.ts';

/** What it costs is counted in steps, since a time says more about the machine. */

const OPERATIONS = 100_000;
const model = modelOf('register') as Model;

function check(operations: readonly Operation[]): HistoryVerdict {
  return checkHistory({operations, scans: []}, {model});
}

/** One read in the second half answers a value of the first. */
function withStaleRead(operations: readonly Operation[]): Operation[] {
  const isRead = ({action}: Operation) => action.op === 'get' && action.value !== null;
  const at = operations.findIndex((each, index) => index > OPERATIONS / 2 && isRead(each));
  const read = operations[at] as Operation;
  const old = operations.find(
    ({key, action}, index) => index > 100 && key === read.key && action.op === 'put',
  );
  const value = old?.action.op === 'put' ? old.action.value : null;
  return operations.with(at, {...read, action: get(value)});
}

describe.each([
  {clients: 16, keys: 1, deletes: 0, keysByZones: 1, stepsMax: 0},
  {clients: 512, keys: 1, deletes: 0, keysByZones: 1, stepsMax: 0},
  {clients: 8, keys: 1, deletes: 20, keysByZones: 0, stepsMax: 10 * OPERATIONS},
  {clients: 16, keys: 16, deletes: 20, keysByZones: 0, stepsMax: 5 * OPERATIONS},
])('100,000 operations: $clients clients, $keys keys, $deletes % deletes', (setup) => {
  const operations = simulate({seed: 8, operations: OPERATIONS, ...setup});

  test('of a correct server', () => {
    const result = check(operations);
    expect(result.verdict).toBe('linearizable');
    expect(result.keysByZones).toBe(setup.keysByZones);
    expect(result.steps).toBeLessThanOrEqual(setup.stepsMax);
  });

  test('with one read that is stale', () => {
    const result = check(withStaleRead(operations));
    expect(result.verdict).toBe('not-linearizable');
    expect(result.steps).toBeLessThanOrEqual(setup.stepsMax);
    expect(result.counterexample?.operations.length).toBeLessThanOrEqual(4);
  });
});

test('what is too hard is undecided, and keeps no other key from its verdict', () => {
  // All writes overlap, and each value is written twice: any order might be the one.
  const writes = Array.from({length: 40}, (_, index) => operation(put(`${index % 20}`), 0, 100));
  const reads = Array.from({length: 20}, (_, index) =>
    operation(get(`${(index * 7) % 20}`), 10 + index, 10 + index + 0.5),
  );
  const impossible = [operation(get('1'), 101, 102), operation(get('2'), 103, 104)];
  const hard = [...writes, ...reads, ...impossible];
  const easy = [operation(put('1'), 0, 1, 'easy'), operation(get('1'), 2, 3, 'easy')];
  const options = {model, stepsMax: 20_000};
  const undecided = checkHistory({operations: [...hard, ...easy], scans: []}, options);
  expect(undecided.verdict).toBe('undecided');
  expect(undecided.undecidedKeys).toEqual(['k']);
  expect(undecided.steps).toBeLessThan(30_000);

  const wrong = operation(get('2'), 4, 5, 'easy');
  const bad = checkHistory({operations: [...hard, ...easy, wrong], scans: []}, options);
  expect(bad.verdict).toBe('not-linearizable');
  expect(bad.counterexample?.key).toBe('easy');
});

test('lost writes do not multiply the work', () => {
  // After each of many crashes a dozen writes and deletes are in doubt.
  const operations: Operation[] = [];
  for (let round = 0; round < 100; round++) {
    const start = round * 100;
    for (let lost = 0; lost < 12; lost++) {
      const action = lost % 3 === 0 ? ({op: 'delete'} as const) : put(`lost ${round} ${lost}`);
      operations.push(operation(action, start + lost, NEVER));
    }
    operations.push(operation(get(`lost ${round} 1`), start + 20, start + 21));
    operations.push(operation(put(`kept ${round}`), start + 30, start + 31));
    operations.push(operation(get(null), start + 40, start + 41));
  }
  const result = check(operations);
  expect(result.verdict).toBe('linearizable');
  expect(result.steps).toBeLessThan(500_000);
});

test('nothing is found impossible in a part of what a correct server did', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const setup = {seed, operations: 80, clients: 4, keys: 1, deletes: 30};
    // Few values, so that a read may have seen one of several writes.
    const operations = simulate(setup).map((each) => ({...each, action: withFewValues(each)}));
    const reducer = new Reducer(model, operations, {stepsLeft: 1_000_000});
    expect(reducer.impossibleEnd()).toBeUndefined();
  }
});

function withFewValues({action}: Operation): Action {
  if ((action.op !== 'put' && action.op !== 'get') || action.value === null) return action;
  return {...action, value: String(Number(action.value.slice(1)) % 3)};
}
