import {deletes, expectInAnyOrder, writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

export const deleteFlushed: Check = {
  id: 'delete-flushed',
  title: 'Deletes of what was flushed',
  weekFirst: 4,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A key whose value is in an SSTable is absent once it is deleted: with its tombstone in the memtable, and in a newer SSTable; and it can be written again.',
  hints: {
    look: 'the flush, which must write tombstones too, and the lookup, which must stop at one',
    cause:
      'tombstones left out of the flush, or a lookup that takes a tombstone for nothing and goes on to an older SSTable',
    chapter: 'docs/weeks/04.md#tombstones',
  },
  cost: {requests: 7_300, writes: 4_200, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const {settling} = server.ledger;
    const keys = new Keys(random);
    const flushed = random.shuffled(await fill(context, keys, memtableEntriesMax(week)));

    // Tombstones in the memtable hide values in the SSTable; some keys come back, some of them die again.
    const deleted = flushed.slice(0, 500);
    await writeInAnyOrder(server, deletes(deleted));
    await writeInAnyOrder(server, keys.rewritten(deleted.slice(0, 150)));
    await writeInAnyOrder(server, deletes(deleted.slice(0, 50)));
    const brief = await fill(context, keys, 80);
    await writeInAnyOrder(server, deletes(brief.slice(0, 40)));
    await writeInAnyOrder(server, deletes(keys.keys(20)));
    const touched = [...deleted, ...brief];
    await expectInAnyOrder(server, random.shuffled(touched));

    // The same, with the tombstones in an SSTable of their own.
    await fill(context, keys, settling.untilFlush + 2);
    await expectInAnyOrder(server, random.shuffled(touched));

    await writeInAnyOrder(server, keys.rewritten(deleted.slice(400)));
    await writeInAnyOrder(server, deletes(deleted.slice(100, 150)));
    await readBack(context, keys, {keysMax: 1_500});
  },
};
