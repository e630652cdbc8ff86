/** Durable writes wait for the disk: on one with slow syncs a check does less, and says so. */
import {type CheckContext, isDurable} from './check.ts';

/** What a check may spend on syncs. */
const SYNC_BUDGET_MS = 15_000;

/**
 * How many of `count` rounds to run, at `writesEach` durable writes a round.
 * Notes it on the check if it is fewer than all.
 * @returns at least 1
 */
export function shortened(
  {week, environment, note}: Pick<CheckContext, 'week' | 'environment' | 'note'>,
  count: number,
  writesEach: number,
): number {
  if (!isDurable(week)) return count;
  const writesMax = (environment.syncsPerSecond * SYNC_BUDGET_MS) / 1_000;
  const affordable = Math.max(1, Math.floor(writesMax / writesEach));
  if (affordable >= count) return count;
  const speed = Math.round(environment.syncsPerSecond);
  note(`shortened to ${affordable} of ${count}: this disk makes ${speed} writes durable a second`);
  return affordable;
}
