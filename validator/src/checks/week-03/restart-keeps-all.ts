import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

export const restartKeepsAll: Check = {
  id: 'restart-keeps-all',
  title: 'Everything survives a restart',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After a clean stop and a start, what was only in the memtable is there too, in its newest value.',
  hints: {
    look: 'wal.db after a stop, and what your server does with it at start',
    cause: 'a log opened so that it is emptied, never replayed, or replayed in the wrong order',
    chapter: 'docs/weeks/03.md#replay',
  },
  cost: {requests: 6_500, writes: 2_800, restarts: 3},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const few = await fill(context, keys, 300);
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(few).slice(0, 150)));
    await server.restart();
    await readBack(context, keys);

    // Across a flush: some keys in an SSTable, some in the log, some in both.
    await fill(context, keys, memtableEntriesMax(week));
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(few).slice(0, 100)));
    await server.restart();
    await readBack(context, keys);
    await server.restart();
    await readBack(context, keys, {keysMax: 500});
  },
};
