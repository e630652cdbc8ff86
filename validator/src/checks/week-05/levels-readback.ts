import {writeInAnyOrder} from '../any-order.ts';
import type {Check, CheckContext} from '../check.ts';
import {COMPACTION_WRITES, COMPACTIONS, readBackCompactions} from '../compaction-rounds.ts';
import {Keys} from '../keys.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {LAST_KEY, randomRanges} from '../ranges.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const levelsReadback: Check = {
  id: 'levels-readback',
  title: 'GET and SCAN across levels',
  weekFirst: 5,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After two compactions into L1, each key has its newest value, the first and last key of every file included; scans over all levels agree.',
  hints: {
    look: 'which file of L1 a lookup chooses for the first and for the last key of a range, and whether the second compaction takes in what the first one wrote',
    cause:
      'a range whose last key is left out, a compaction of L0 that ignores L1, or L1 entries that win over newer ones of L0',
    chapter: 'docs/weeks/05.md#compacting-l0-into-l1',
  },
  cost: {requests: 30_000, writes: COMPACTIONS * COMPACTION_WRITES + 400, restarts: 1},
  deadlineMs: 120_000,

  async run(context) {
    const keys = new Keys(context.random);
    await readBackCompactions(context, keys);
    await scanLevels(context, keys);
  },
};

/** With something in the memtable too, which hides some of what lies below. */
async function scanLevels(context: CheckContext, keys: Keys): Promise<void> {
  const {server, random} = context;
  await writeInAnyOrder(server, mixedWrites(context, keys, 300));
  await server.expectScan('a', LAST_KEY);
  const ranges = randomRanges(random, server.ledger.keys(), 60);
  for (const [start, end] of ranges) await server.expectScan(start, end);
}
