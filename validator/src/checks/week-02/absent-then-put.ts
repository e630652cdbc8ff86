import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

export const absentThenPut: Check = {
  id: 'absent-then-put',
  title: 'Absent keys can be written',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'Keys that were asked for while absent are found once written: in the memtable, and after a flush.',
  hints: {
    look: 'the negative cache, if you have one: who removes a key from it, and when',
    cause: 'a PUT that leaves its key among those known to be absent',
    chapter: 'docs/weeks/02.md#optional-tasks',
  },
  cost: {requests: 2_400, writes: 2_060, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const asked = keys.keys(60);
    await server.expectAll(asked);
    await server.expectAll(random.shuffled(asked));

    const written = asked.slice(0, 40);
    await server.putAll(keys.rewritten(written));
    await server.expectAll(asked);

    await fill(context, keys, memtableEntriesMax(week));
    await server.expectAll(asked);
    await server.putAll(keys.rewritten(asked.slice(30, 50)));
    await server.expectAll(asked);
  },
};
