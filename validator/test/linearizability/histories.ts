/** Histories for the tests of the checker: by hand, at random, and of a simulated server. */
import {Random} from '@kv-workshop/fixtures/generate/random';
import * as fc from 'fast-check';
import type {Action, Operation, Scan, State} from '../../src/linearizability/operation.ts';

export const NEVER = Number.POSITIVE_INFINITY;

/** An operation of the key `k`, from one time to another. */
export function operation(
  action: Action,
  invoke: number,
  returned: number,
  key: string = 'k',
): Operation {
  return {key, action, client: 0, invoke, return: returned};
}

export const put = (value: string): Action => ({op: 'put', value});
export const get = (value: State): Action => ({op: 'get', value});
export const append = (value: string): Action => ({op: 'append', value});
export const DELETE: Action = {op: 'delete'};
export const PRESENT: Action = {op: 'present'};

export function cas(from: State, to: string, succeeded = true): Action {
  return {op: 'cas', from, to, succeeded};
}

export function scan(
  start: string,
  end: string,
  keys: string[],
  invoke: number,
  returned: number,
): Scan {
  return {start, end, keys, client: 0, invoke, return: returned};
}

/** Times are few, so that many touch; one in five never returns. */
const TIMES: fc.Arbitrary<{invoke: number; return: number}> = fc
  .tuple(fc.nat(9), fc.nat(4), fc.nat(4))
  .map(([invoke, duration, fate]) => ({invoke, return: fate === 0 ? NEVER : invoke + duration}));

/** Histories of one key of whatever actions. */
export function historiesOf(
  actions: fc.Arbitrary<Action>,
  operationsMax: number,
): fc.Arbitrary<Operation[]> {
  const one = fc
    .tuple(actions, TIMES)
    .map(([action, times]) => operation(action, times.invoke, times.return));
  return fc.array(one, {minLength: 1, maxLength: operationsMax});
}

/** Puts write a value each of their own. */
export function withUniqueValues(operations: readonly Operation[]): Operation[] {
  return operations.map((each, index) =>
    each.action.op === 'put' ? {...each, action: put(String(index))} : each,
  );
}

export interface SimulationOptions {
  readonly seed: number;
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  /** Percent of the writes. */
  readonly deletes: number;
}

/**
 * What clients of a correct server see: each operation takes effect at one
 * instant while it is in flight. Values are unique.
 */
export function simulate(options: SimulationOptions): Operation[] {
  const random = new Random(options.seed);
  const drafts = Array.from({length: options.operations}, (_, index) => {
    const client = index % options.clients;
    const slot = Math.floor(index / options.clients) * 100;
    const invoke = slot + random.below(40);
    const returned = invoke + 1 + random.below(50);
    const effect = invoke + (random.below(1_000) / 1_000) * (returned - invoke);
    return {client, invoke, returned, effect, key: `k${random.below(options.keys)}`, index};
  });
  const states = new Map<string, State>();
  const operations: Operation[] = [];
  for (const draft of drafts.sort((a, b) => a.effect - b.effect)) {
    const {client, invoke, returned, key, index} = draft;
    const action = simulatedAction(random, options.deletes, index, states.get(key) ?? null);
    if (action.op !== 'get') states.set(key, action.op === 'put' ? action.value : null);
    operations.push({key, client, invoke, return: returned, action});
  }
  return operations.sort((a, b) => a.invoke - b.invoke);
}

function simulatedAction(random: Random, deletes: number, index: number, state: State): Action {
  if (random.chance(50)) return get(state);
  return random.chance(deletes) ? DELETE : put(`v${index}`);
}
