import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {checkHistory} from '../../src/linearizability/check-history.ts';
import {explain} from '../../src/linearizability/explain.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import {
  type Operation,
  precedes,
  type Scan,
  type State,
} from '../../src/linearizability/operation.ts';
import {checkSnapshots} from '../../src/linearizability/snapshots.ts';
import {get, NEVER, operation, put, scan} from './histories.ts';

const model = modelOf('register') as Model;
const KEYS = ['a', 'b', 'c'];

type Thing = Operation | Scan;

/** By definition: an order of all of them, over all keys at once. */
function hasOrderOfAll(things: readonly Thing[], states: ReadonlyMap<string, State>): boolean {
  if (things.length === 0) return true;
  return things.some((first) => {
    const rest = things.filter((other) => other !== first);
    if (rest.some((other) => precedes(other, first))) return false;
    const after = statesAfter(first, states);
    return after !== undefined && hasOrderOfAll(rest, after);
  });
}

function statesAfter(
  thing: Thing,
  states: ReadonlyMap<string, State>,
): ReadonlyMap<string, State> | undefined {
  if (!('action' in thing)) {
    const present = KEYS.filter((key) => (states.get(key) ?? null) !== null);
    const inRange = present.filter((key) => thing.start <= key && key < thing.end);
    return inRange.join() === thing.keys.join() ? states : undefined;
  }
  const after = model.step(states.get(thing.key) ?? null, thing.action);
  return after === undefined ? undefined : new Map(states).set(thing.key, after);
}

const TIMES = fc
  .tuple(fc.nat(9), fc.nat(5))
  .map(([from, length]) => [from, from + length] as const);
const KEY = fc.constantFrom(...KEYS);

/** One writer a key, whose writes come one after another. */
const WRITES: fc.Arbitrary<Operation[]> = fc
  .array(fc.tuple(KEY, fc.nat(3), fc.nat(3)), {maxLength: 4})
  .map((drafts) => {
    const free = new Map<string, number>();
    return drafts.map(([key, wait, duration], index) => {
      const from = (free.get(key) ?? 0) + wait;
      free.set(key, from + duration + 1);
      return operation(put(String(index)), from, from + duration, key);
    });
  });
const READS = fc.array(
  fc.tuple(KEY, fc.constantFrom('0', '1', '2', null), TIMES).map(([key, value, times]) => {
    return operation(get(value), ...times, key);
  }),
  {maxLength: 2},
);
const SCANS = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b'), fc.constantFrom('c', 'd'), fc.subarray(KEYS), TIMES)
    .map(([start, end, listed, times]) => {
      const keys = listed.filter((key) => start <= key && key < end);
      return scan(start, end, keys, ...times);
    }),
  {minLength: 1, maxLength: 3},
);

describe('scans as snapshots', () => {
  test('agree with the definition where there is one writer a key and no delete', () => {
    const counts = {good: 0, bad: 0};
    fc.assert(
      fc.property(WRITES, READS, SCANS, (writes, reads, scans) => {
        const operations = [...writes, ...reads];
        const {verdict, scans: checked} = checkHistory({operations, scans}, {model});
        expect(checked.checkedAs).toBe('snapshots');
        const expected = hasOrderOfAll([...operations, ...scans], new Map());
        counts[expected ? 'good' : 'bad']++;
        expect(verdict === 'linearizable').toBe(expected);
      }),
      {seed: 20_26, numRuns: 6_000},
    );
    expect(counts.good).toBeGreaterThan(300);
    expect(counts.bad).toBeGreaterThan(300);
  });

  test('a circle is impossible by definition', () => {
    fc.assert(
      fc.property(WRITES, READS, SCANS, (writes, reads, scans) => {
        const verdict = checkSnapshots({operations: [...writes, ...reads], scans});
        if (verdict.kind !== 'conflict') return;
        const {circle} = verdict;
        expect(new Set(circle).size).toBe(circle.length);
        const keysOfCircle = new Set(circle.map((thing) => ('key' in thing ? thing.key : '')));
        // Of the other keys the scans of the circle say what they like.
        const others = writes.filter(({key}) => !keysOfCircle.has(key));
        const all = writes.filter(({key}) => keysOfCircle.has(key));
        expect(hasOrderOfAll([...new Set([...circle, ...all, ...others])], new Map())).toBe(false);
      }),
      {seed: 20_26, numRuns: 2_000},
    );
  });

  test.each<[string, string[], string]>([
    ['a key behind its range', ['z'], 'SCAN a to c: z, and z is outside its range'],
    ['the end of its range', ['a', 'c'], 'SCAN a to c: a, c, and c is outside its range'],
    ['a key before its range', ['Z'], 'SCAN a to c: Z, and Z is outside its range'],
    ['a key twice', ['b', 'a', 'b'], 'SCAN a to c: 3 keys, and b is listed twice'],
  ])('a scan that lists %s is explained by no order', (_what, keys, summary) => {
    const scans = [scan('a', 'c', ['a', 'b'], 8, 9), scan('a', 'c', keys, 10, 11)];
    const puts = ['a', 'b', 'c', 'z', 'Z'].map((key) => operation(put('1'), 0, 1, key));
    for (const more of [[], [operation({op: 'delete'}, 2, NEVER, 'b')]]) {
      const result = checkHistory({operations: [...puts, ...more], scans}, {model});
      expect(result.verdict).toBe('not-linearizable');
      expect(result.scans.circle).toEqual([scans[1]]);
      expect(explain(result)?.summary).toBe(summary);
    }
  });

  test('in whichever order a scan lists its keys, the same keys are there', () => {
    const puts = ['a', 'b'].map((key) => operation(put('1'), 0, 1, key));
    const scans = [scan('a', 'c', ['b', 'a'], 2, 3)];
    expect(checkHistory({operations: puts, scans}, {model}).verdict).toBe('linearizable');
  });

  test.each<[string, Operation[]]>([
    ['k is not only put and read: delete', [operation({op: 'delete'}, 0, 1)]],
    ['a PUT of k was not answered', [operation(put('1'), 0, NEVER)]],
    ['k has several writers', [operation(put('1'), 0, 5), operation(put('2'), 5, 9)]],
    ['k was given the same value twice', [operation(put('1'), 0, 1), operation(put('1'), 2, 3)]],
  ])('are not decided where %s', (reason, operations) => {
    const scans = [scan('a', 'z', [], 0, 1)];
    expect(checkSnapshots({operations, scans})).toEqual({kind: 'undecidable', reason});
    // What no scan has asked for does not matter.
    const elsewhere = [scan('l', 'z', [], 0, 1)];
    expect(checkSnapshots({operations, scans: elsewhere})).toEqual({kind: 'consistent'});
  });

  test('20,000 scans over 64 keys with 64,000 writes', () => {
    const keys = Array.from({length: 64}, (_, index) => `k${index}`.padEnd(4, 'x')).sort();
    const operations = keys.flatMap((key, index) =>
      Array.from({length: 1_000}, (_, round) => {
        const from = round * 100 + index;
        return operation(put(`${round}`), from, from + 50, key);
      }),
    );
    const scans = Array.from({length: 20_000}, (_, index) => {
      const instant = index * 5;
      const listed = keys.filter((_key, writer) => writer + 50 <= instant);
      return scan('a', 'z', listed, instant - 1, instant + 1);
    });
    expect(checkSnapshots({operations, scans})).toEqual({kind: 'consistent'});
    const wrong = scan('a', 'z', keys.slice(1), 50_000, 50_001);
    expect(checkSnapshots({operations, scans: [...scans, wrong]}).kind).toBe('conflict');
  });
});
