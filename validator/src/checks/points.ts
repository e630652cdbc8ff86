import type {Check, Need} from './check.ts';

/** By what a check must be able to do: one that stops and kills shows more than one that asks. */
const POINTS: Readonly<Record<Need, number>> = {requests: 2, process: 4, files: 3};

/** What a pass is worth, unless an instructor says otherwise. */
export function pointsOf({points, needs}: Pick<Check, 'points' | 'needs'>): number {
  return points ?? POINTS[needs];
}

export function pointsOfAll(checks: readonly Check[]): number {
  return checks.reduce((sum, check) => sum + pointsOf(check), 0);
}
