import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

export const flushReadback: Check = {
  id: 'flush-readback',
  title: 'All is found after flushes',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'With two full memtables flushed and a third begun, each of the keys still has its value.',
  hints: {
    look: 'the flush: which entries it writes, and what a lookup asks after the memtable',
    cause:
      'the first or last entry left out, only the newest SSTable read, or the memtable emptied before its SSTable can be found',
    chapter: 'docs/weeks/02.md#the-flush',
  },
  cost: {requests: 8_700, writes: 4_300, restarts: 0},

  async run(context) {
    const keys = new Keys(context.random);
    await fill(context, keys, 2 * memtableEntriesMax(context.week) + 300);
    await readBack(context, keys, {absent: 100});
  },
};
