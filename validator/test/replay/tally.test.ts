import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {LatencyHistogram} from '../../src/replay/latency-histogram.ts';
import {Tally} from '../../src/replay/tally.ts';

test('a percentile is the exact one, or up to 3 % more', () => {
  const latencies = fc.array(fc.integer({min: 0, max: 20_000_000}), {minLength: 1, maxLength: 300});
  fc.assert(
    fc.property(latencies, fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1), (microseconds, share) => {
      const histogram = new LatencyHistogram();
      for (const each of microseconds) histogram.add(each);
      const sorted = microseconds.toSorted((a, b) => a - b);
      const exactMs = (sorted[Math.ceil(share * sorted.length) - 1] ?? 0) / 1_000;
      expect(histogram.percentileMs(share)).toBeGreaterThanOrEqual(exactMs);
      expect(histogram.percentileMs(share)).toBeLessThanOrEqual(exactMs * 1.032 + 1e-9);
      expect(histogram.maxMs).toBe((sorted.at(-1) ?? 0) / 1_000);
    }),
  );
});

test('without latencies all percentiles are 0', () => {
  expect(new LatencyHistogram().percentileMs(0.5)).toBe(0);
});

describe('hints', () => {
  const BASE = {
    end: 'complete',
    survey: {
      header: {
        format: 1,
        generator: undefined,
        week: undefined,
        seed: undefined,
        lines: undefined,
        entries: new Map(),
      },
      mode: 'sequential',
      instructions: 3,
      requests: 3,
      writes: 0,
      restarts: 0,
      kills: 0,
      crashes: [],
    },
    failureCount: 0,
    failures: [],
    breakdown: undefined,
    unfollowed: 0,
    concurrency: 1,
    connectionsOpened: 1,
  } as const;

  test.each([
    [[40, 40.5, 41], /^100 % .*Nagle.*delayed ACK/],
    [[44, 3, 3, 3], /^25 % .*Nagle.*delayed ACK/],
    [[40, ...Array<number>(20).fill(0.1)], /^$/],
    [[80, 80, 80], /^$/],
    [[], /^$/],
  ])('latencies of %j ms', (latencies, hint) => {
    const tally = new Tally();
    tally.begin();
    for (const each of latencies) {
      tally.sent();
      tally.answered(each);
    }
    expect(tally.result(BASE).hints.join()).toMatch(hint);
  });
});
