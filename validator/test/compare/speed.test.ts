import {expect, test} from 'vitest';
import {compareSpeeds, Speedometer} from '../../src/compare/speed.ts';

/** Chunks as [answers, milliseconds]. */
function speedometer(chunks: readonly (readonly [number, number])[]): Speedometer {
  const meter = new Speedometer();
  for (const [answered, durationMs] of chunks) {
    meter.add({answered, durationMs, latenciesUs: [1_000]});
  }
  return meter;
}

const ONE_A_MS = [1_000, 1_000] as const;

test('of few chunks, the ratio is the quotient of the two speeds beside it', () => {
  // The second chunk is tiny, and ten times as fast.
  const yours = speedometer([ONE_A_MS, [10, 1]]);
  const reference = speedometer([
    [1_000, 1_500],
    [10, 10],
  ]);
  const speed = compareSpeeds(yours, reference);
  expect(speed?.throughput.ratio).toBeCloseTo(1_510 / 1_001);
  const quotient =
    (speed?.yours.requestsPerSecond ?? 0) / (speed?.reference.requestsPerSecond ?? 1);
  expect(speed?.throughput.ratio).toBeCloseTo(quotient);
});

test('of many, it is the median: one slow chunk does not matter', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 100];
  const reference = speedometer(seconds.map((each) => [1_000, 1_000 * each]));
  const yours = speedometer(seconds.map(() => ONE_A_MS));
  expect(compareSpeeds(yours, reference)).toMatchObject({
    // The mean of the two in the middle.
    throughput: {ratio: 4.5, lowerQuartile: 2.75, upperQuartile: 6.25},
    chunks: 8,
  });
});

test('a small chunk at the end has no say in the median', () => {
  const reference = speedometer([...Array.from({length: 8}, () => ONE_A_MS), [3, 300]]);
  const yours = speedometer([...Array.from({length: 8}, () => ONE_A_MS), [3, 1]]);
  expect(compareSpeeds(yours, reference)).toMatchObject({
    throughput: {ratio: 1, lowerQuartile: 1, upperQuartile: 1},
    chunks: 8,
  });
});

test('without a chunk there is no speed', () => {
  expect(compareSpeeds(speedometer([]), speedometer([]))).toBe(undefined);
});
