import {expectInAnyOrder} from '../any-order.ts';
import type {Check, CheckContext} from '../check.ts';
import {Keys} from '../keys.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const WRITERS = 32;
/** In the memtable, when the compaction begins: it is full a moment later. */
const ROOM = 6;
/** Writes that fill it, and some more. */
const LAST_WRITES = 200;

export const flushMeetsCompaction: Check = {
  id: 'flush-meets-compaction',
  title: 'A flush during a compaction',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A memtable that is full while a compaction runs is flushed, and both count: nothing is lost or comes back, also after a stop at once.',
  hints: {
    look: 'what your compaction publishes: an edit of the version that is the newest then, not of the one that it began with',
    cause:
      'a list of SSTables remembered from the beginning of the compaction, L0 emptied of files that took no part, or two writers of MANIFEST at the same time',
    chapter: 'docs/weeks/08.md#publishing-an-edit',
  },
  cost: {requests: 16_000, writes: 10_300, restarts: 2},
  deadlineMs: 90_000,

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    await writeUpToBoth(context, keys);
    const last = keys.entries(LAST_WRITES);
    await writeSideBySide(server, last, WRITERS);
    await expectInAnyOrder(
      server,
      last.map(([key]) => key),
    );
    await readBack(context, keys, {keysMax: 3_000});
    await server.restart();
    await readBack(context, keys, {keysMax: 4_000});
    await server.killAndStart();
    await readBack(context, keys, {keysMax: 500});
  },
};

/** Writes until a compaction is due, and the memtable has but little room. */
async function writeUpToBoth(context: CheckContext, keys: Keys): Promise<void> {
  const {server, week, random} = context;
  const {settling} = server.ledger;
  const memtables = Math.floor((settling.untilCompaction + ROOM) / memtableEntriesMax(week));
  for (let memtable = 1; memtable <= memtables; memtable++) {
    const room = memtable < memtables ? 0 : ROOM;
    context.progress(`memtable ${memtable} of ${memtables}`);
    await writeSideBySide(server, mixedWrites(context, keys, settling.untilFlush - room), WRITERS);
  }
  // What the memtable has already makes it no fuller.
  const again = server.ledger.keys().filter((key) => settling.isInMemtable(key));
  const [last = '', ...others] = random.shuffled(again).slice(0, settling.untilCompaction);
  await writeSideBySide(server, keys.rewritten(others), WRITERS);
  await server.put(last, keys.value());
}
