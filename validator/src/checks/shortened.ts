/** Durable writes wait for the disk: from week 3 on some checks do less, and say so. */
import type {Check, CheckContext} from './check.ts';
import {isDurable} from './week-rules.ts';

/** What a check may spend on syncs: on a disk that does a thousand a second, none is shortened. */
const SYNC_BUDGET_MS = 30_000;
/** Of a long file of an earlier week: a flush, with reads of what was flushed. */
const EARLIER_WRITES_MAX = 2_500;

type Durability = Pick<CheckContext, 'week' | 'environment'>;

/** How many writes a check can afford. */
function durableWritesMax({week, environment}: Durability): number {
  if (!isDurable(week)) return Number.POSITIVE_INFINITY;
  return Math.floor((environment.syncsPerSecond * SYNC_BUDGET_MS) / 1_000);
}

/** How many writes of its file a check replays, or of its own it makes. */
export function writesMax(
  {isLong, weekFirst}: Pick<Check, 'isLong' | 'weekFirst'>,
  durability: Durability,
): number {
  const {week} = durability;
  const isEarlier = isLong === true && weekFirst < week && isDurable(week);
  return Math.min(
    durableWritesMax(durability),
    isEarlier ? EARLIER_WRITES_MAX : Number.POSITIVE_INFINITY,
  );
}

/**
 * How many of `count` rounds to run, at `writesEach` writes a round. Notes it
 * on the check if it is fewer than all.
 * @param least with fewer it would show nothing, however slow the disk is
 */
export function shortened(
  context: Pick<CheckContext, 'week' | 'environment' | 'note'>,
  count: number,
  writesEach: number,
  least = 1,
): number {
  const affordable = Math.max(least, Math.floor(durableWritesMax(context) / writesEach));
  if (affordable >= count) return count;
  const syncs = Math.round(context.environment.syncsPerSecond);
  context.note(
    `shortened to ${affordable} of ${count} rounds: the disk does ${syncs} syncs a second`,
  );
  return affordable;
}
