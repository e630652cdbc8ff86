import {expectInAnyOrder} from '../any-order.ts';
import {backgroundWorkEnds} from '../background-work.ts';
import type {Check, CheckContext} from '../check.ts';
import {Keys} from '../keys.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const WRITERS = 32;
/**
 * In the memtable, when all but one of the writes are made that cause a compaction.
 * That one is sent with as many others as fill the memtable, and is hardly ever the
 * last of them to be applied.
 */
const ROOM = WRITERS - 1;
/** Writes that fill it, and some more. */
const LAST_WRITES = 200;
/** With fewer the compaction is over before the flush begins. More, and it is due before. */
const TOMBSTONE_MEMTABLES = 3;
/** In each of them, beside the tombstones. */
const VALUES = 10;

export const flushMeetsCompaction: Check = {
  id: 'flush-meets-compaction',
  title: 'A flush during a compaction',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A memtable that is full while a compaction runs is flushed, and both count, whichever ends first: nothing is lost or comes back, also after a stop at once.',
  hints: {
    look: 'what your flush and your compaction publish: an edit of the version that is the newest then, not of the one that they began with',
    cause:
      'a list of SSTables remembered from the beginning of the flush or the compaction, L0 emptied of files that took no part, or two writers of MANIFEST at the same time',
    chapter: 'docs/weeks/08.md#publishing-an-edit',
  },
  cost: {requests: 25_000, writes: 20_400, restarts: 3},
  deadlineMs: 90_000,

  async run(context) {
    const {server} = context;
    const keys = new Keys(context.random);
    await fillBeforeShortCompaction(context, keys);
    await flushAtOnce(context, keys);
    await server.killAndStart();
    await readBack(context, keys, {keysMax: 1_000});

    await fillBeforeLongCompaction(context, keys);
    await flushAtOnce(context, keys);
    await readBack(context, keys, {keysMax: 2_000});
    await server.restart();
    await readBack(context, keys, {keysMax: 3_000});
    await server.killAndStart();
    await readBack(context, keys, {keysMax: 500});
  },
};

/**
 * What is to be merged are tombstones, which the lowest level does not keep: the
 * compaction writes next to nothing, and the flush ends after it.
 */
async function fillBeforeShortCompaction(context: CheckContext, keys: Keys): Promise<void> {
  const {server, progress} = context;
  const {settling} = server.ledger;
  progress(`${TOMBSTONE_MEMTABLES} memtables of tombstones`);
  const deleted = keys.keys(settling.untilFlush - VALUES);
  await writeSideBySide(server, keys.rewritten(deleted), WRITERS);
  await writeSideBySide(server, keys.entries(VALUES), WRITERS);
  for (let memtable = 1; memtable <= TOMBSTONE_MEMTABLES; memtable++) {
    await writeSideBySide(
      server,
      deleted.map((key) => [key, null]),
      WRITERS,
    );
    await writeSideBySide(server, keys.entries(VALUES), WRITERS);
  }
  await backgroundWorkEnds(context);
  await writeSideBySide(server, keys.entries(settling.untilFlush - ROOM), WRITERS);
  await rewriteUntilDue(context, keys);
}

/** The flush ends long before the compaction. */
async function fillBeforeLongCompaction(context: CheckContext, keys: Keys): Promise<void> {
  const {server, week, progress} = context;
  const {settling} = server.ledger;
  const memtables = Math.floor((settling.untilCompaction + ROOM) / memtableEntriesMax(week));
  for (let memtable = 1; memtable <= memtables; memtable++) {
    const room = memtable < memtables ? 0 : ROOM;
    progress(`memtable ${memtable} of ${memtables}`);
    await writeSideBySide(server, mixedWrites(context, keys, settling.untilFlush - room), WRITERS);
  }
  await rewriteUntilDue(context, keys);
}

/** Up to the last write but one before a compaction. What the memtable has makes it no fuller. */
async function rewriteUntilDue(context: CheckContext, keys: Keys): Promise<void> {
  const {settling} = context.server.ledger;
  const present = inMemtable(context);
  while (settling.untilCompaction > 1 && present.length > 0) {
    const some = present.slice(0, settling.untilCompaction - 1);
    await writeSideBySide(context.server, keys.rewritten(some), WRITERS);
  }
}

/** Begins the compaction, and fills the memtable in the same moment. */
async function flushAtOnce(context: CheckContext, keys: Keys): Promise<void> {
  const {server} = context;
  const due = inMemtable(context).slice(0, 1);
  const last = [...keys.rewritten(due), ...keys.entries(LAST_WRITES)];
  await writeSideBySide(server, last, WRITERS);
  await expectInAnyOrder(
    server,
    last.map(([key]) => key),
  );
}

function inMemtable({server, random}: CheckContext): string[] {
  const {ledger} = server;
  return random.shuffled(ledger.keys().filter((key) => ledger.settling.isInMemtable(key)));
}
