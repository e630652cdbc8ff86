/** Durable writes wait for the disk: on one with slow syncs a check does less, and says so. */
import type {CheckContext} from './check.ts';
import {isDurable} from './week-rules.ts';

/** What a check may spend on syncs. */
const SYNC_BUDGET_MS = 15_000;

/** How many writes a check can afford. */
export function durableWritesMax({
  week,
  environment,
}: Pick<CheckContext, 'week' | 'environment'>): number {
  if (!isDurable(week)) return Number.POSITIVE_INFINITY;
  return Math.floor((environment.syncsPerSecond * SYNC_BUDGET_MS) / 1_000);
}

/**
 * How many of `count` rounds to run, at `writesEach` writes a round. Notes it
 * on the check if it is fewer than all.
 * @returns at least 1
 */
export function shortened(
  context: Pick<CheckContext, 'week' | 'environment' | 'note'>,
  count: number,
  writesEach: number,
): number {
  const affordable = Math.max(1, Math.floor(durableWritesMax(context) / writesEach));
  if (affordable >= count) return count;
  const syncs = Math.round(context.environment.syncsPerSecond);
  context.note(
    `shortened to ${affordable} of ${count} rounds: the disk does ${syncs} syncs a second`,
  );
  return affordable;
}
