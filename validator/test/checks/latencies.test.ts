import {describe, expect, it} from 'vitest';
import {Latencies} from '../../src/checks/latencies.ts';

function latencies(...milliseconds: number[]): Latencies {
  const all = new Latencies();
  for (const each of milliseconds) all.add(each);
  return all;
}

describe('latencies', () => {
  it('look like Nagle if most are near 40 ms', () => {
    const near = [40, 41, 40.5, 44, 39, 40, 43, 40, 1, 2];
    expect(latencies(...near).looksLikeNagle).toBe(true);
  });

  it('do not if few are, or if there are few', () => {
    expect(latencies(40, 41, 1, 2, 1, 1, 1, 2, 1, 1, 1).looksLikeNagle).toBe(false);
    expect(latencies(40, 40, 40).looksLikeNagle).toBe(false);
    expect(latencies(...Array.from({length: 20}, () => 100)).looksLikeNagle).toBe(false);
  });
});
