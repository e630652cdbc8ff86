/** Compactions that nothing interrupts: shared by the weeks with one level and with two. */
import type {CheckContext} from './check.ts';
import type {Keys} from './keys.ts';
import {writePastCompaction} from './mixed-writes.ts';
import {readBack} from './read-back.ts';

/** What leads to a compaction, in every week. */
export const COMPACTION_WRITES = 10_020;
/** The second one meets what the first one wrote: only that shows most bugs. */
export const COMPACTIONS = 2;

/** Two compactions, with a read-back after each, and after a restart. */
export async function readBackCompactions(context: CheckContext, keys: Keys): Promise<void> {
  for (let round = 1; round <= COMPACTIONS; round++) {
    await writePastCompaction(context, keys);
    await readBack(context, keys, round < COMPACTIONS ? {keysMax: 1_000} : {absent: 100});
  }
  await context.server.restart();
  await readBack(context, keys, {keysMax: 500});
}
