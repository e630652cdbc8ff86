/** Writes for checks of compactions: keys live, die and come back, from memtable to memtable. */
import {writeInAnyOrder} from './any-order.ts';
import type {CheckContext} from './check.ts';
import {fill} from './fill.ts';
import type {Keys} from './keys.ts';
import type {KeyWrite} from './ledger.ts';
import {seededOrder} from './read-back.ts';

/** Of each memtable that has older keys to write. */
const OLD_SHARE = 0.7;
/** So many DELETEs among the writes of older keys: one of. */
const DELETE_ONE_OF = 3;
/** A server that counts a little otherwise flushes and compacts within so many further writes. */
export const SLACK_WRITES = 20;

type Context = Pick<CheckContext, 'server' | 'random' | 'progress'>;

/**
 * Writes of `count` different keys, none of them in the memtable: new keys, new
 * values of older ones, deleted keys among these, and deletes.
 */
export function mixedWrites({server, random}: Context, keys: Keys, count: number): KeyWrite[] {
  const {ledger} = server;
  const older = ledger.keys().filter((key) => !ledger.settling.isInMemtable(key));
  const chosen = seededOrder(older, random.uint32()).slice(0, Math.round(count * OLD_SHARE));
  const writes: KeyWrite[] = chosen.map((key) => [
    key,
    random.below(DELETE_ONE_OF) === 0 ? null : keys.value(),
  ]);
  return random.shuffled([...writes, ...keys.entries(count - writes.length)]);
}

/**
 * Mixed writes, memtable by memtable, up to `early` writes before the next
 * compaction is due.
 */
export async function writeUpToCompaction(
  context: Context,
  keys: Keys,
  early: number,
): Promise<void> {
  const {settling} = context.server.ledger;
  for (let left = settling.untilCompaction - early; left > 0; ) {
    context.progress(`${left} writes before a compaction`);
    const writes = mixedWrites(context, keys, Math.min(left, settling.untilFlush));
    await writeInAnyOrder(context.server, writes);
    left -= writes.length;
  }
}

/** Mixed writes until a compaction has run, wherever exactly the server begins it. */
export async function writePastCompaction(context: Context, keys: Keys): Promise<void> {
  await writeUpToCompaction(context, keys, 0);
  await fill(context, keys, SLACK_WRITES);
}
