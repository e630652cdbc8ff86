import {expect, it} from 'vitest';
import {rateOf} from '../../tools/soak/run-grade.ts';

it.for<[string[], string]>([
  [['pass', 'pass', 'pass'], 'pass 3 of 3'],
  [['pass', 'inconclusive', 'pass'], 'pass 2 of 3, inconclusive 1'],
  [['fail'], 'fail 1 of 1'],
])('the rate of %j', ([verdicts, rate]) => {
  expect(rateOf(verdicts)).toBe(rate);
});
