import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const GENERATIONS = 2;
/** Each generation leaves so many keys of the one before as they are, so that newest values lie in every SSTable. */
const STEP = 200;

export const newestWins: Check = {
  id: 'newest-wins',
  title: 'The newest value wins',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves: 'Of a key with values in several SSTables and in the memtable, the newest is read.',
  hints: {
    look: 'the order in which a lookup asks the SSTables, and that it stops at the first hit',
    cause: 'SSTables read from the oldest to the newest, or the memtable asked last',
    chapter: 'docs/weeks/02.md#reading',
  },
  cost: {requests: 6_700, writes: 4_200, restarts: 0},

  async run(context) {
    const {server, week, progress} = context;
    const keys = new Keys(context.random);
    const entries = memtableEntriesMax(week);
    const pool = keys.keys(entries + GENERATIONS * STEP);
    for (let generation = 0; generation < GENERATIONS; generation++) {
      progress(`writing generation ${generation + 1} of ${GENERATIONS}`);
      const window = pool.slice(generation * STEP, generation * STEP + entries);
      await writeInAnyOrder(server, keys.rewritten(context.random.shuffled(window)));
    }
    await writeInAnyOrder(server, keys.rewritten(pool.slice(-2 * STEP)));
    await readBack(context, keys);
  },
};
