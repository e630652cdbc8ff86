import {describe, expect, it} from 'vitest';
import {answeredKeys, expectedKeys, firstWrongKey} from '../../src/checks/wrong-keys.ts';
import {compareKeys} from '../../src/replay/answers.ts';
import type {ReplayFailure} from '../../src/replay/replay-result.ts';

const nobody = {mayBePresent: () => false, mayBeAbsent: () => false};

/** The failure of a scan that should have answered b, c?, d and e. */
function failureOf(answered: readonly string[]): ReplayFailure {
  const keys = ['b', 'c', 'd', 'e'].map((key) => ({key, optional: key === 'c'}));
  return {
    request: {op: 'scan', line: 1, start: 'a', end: 'f', keys},
    kind: 'keys',
    expected: undefined,
    permitted: undefined,
    settledAtLine: undefined,
    keys: compareKeys(keys, answered, nobody),
    status: 200,
    body: JSON.stringify(answered),
    value: undefined,
  };
}

describe('the first wrong key of a scan', () => {
  it.each([
    [['b', 'e'], 'a scan left out d'],
    [['a', 'b'], 'a scan answered a, which should not be there'],
    [['b', 'cc', 'd'], 'a scan answered cc, which should not be there'],
    [['b', 'b', 'd', 'e'], 'a scan answered b twice'],
    [['b', 'e', 'd'], 'a scan answered d after a key behind it'],
  ])('of %j: %s', (answered, what) => {
    const {keys} = failureOf(answered);
    expect(keys && firstWrongKey(keys)?.what).toBe(what);
  });

  it('is where both lists are shown', () => {
    const failure = failureOf(['b', 'c', 'e']);
    expect(expectedKeys(failure)).toBe('4 keys; at position 2 (the first is 0): d e');
    expect(answeredKeys(failure)).toBe('3 keys; at position 2 (the first is 0): e');
    expect(answeredKeys(failureOf(['b', 'e', 'd']))).toBe(
      '3 keys; at position 2 (the first is 0): d',
    );
  });

  it('is not shown of a body that was cut', () => {
    const failure = {...failureOf(['b']), body: '["b","d'};
    expect(answeredKeys(failure)).toBeUndefined();
  });
});
