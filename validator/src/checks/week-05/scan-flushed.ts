import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {LAST_KEY, randomRanges} from '../ranges.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const scanFlushed: Check = {
  id: 'scan-flushed',
  title: 'SCAN of SSTables',
  weekFirst: 5,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A scan over the memtable and two SSTables answers what GETs would: of each key the newest entry counts, also after a restart and a crash.',
  hints: {
    look: 'the sources that your scan merges, and which of them wins when several have an entry of the same key',
    cause:
      'a scan of the memtable only, a tombstone that hides nothing in older SSTables or hides a newer value, or a key answered once for each SSTable',
    chapter: 'docs/weeks/05.md#scans',
  },
  cost: {requests: 4_600, writes: 4_400, restarts: 2},

  async run(context) {
    const {server, random} = context;
    const {ledger} = server;
    const keys = new Keys(random);
    await fill(context, keys, ledger.settling.untilFlush);
    await server.expectScan('a', LAST_KEY);
    await writeInAnyOrder(server, mixedWrites(context, keys, ledger.settling.untilFlush));
    await server.expectScan('a', LAST_KEY);
    await writeInAnyOrder(server, mixedWrites(context, keys, 400));

    for (const stop of [undefined, () => server.restart(), () => server.killAndStart()]) {
      await stop?.();
      await server.expectScan('a', LAST_KEY);
      const ranges = randomRanges(random, ledger.keys(), 40);
      for (const [start, end] of ranges) await server.expectScan(start, end);
    }
  },
};
