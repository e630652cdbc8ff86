import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, thresholds, WEEK_LAST} from '../week-rules.ts';

/** More than ten flushes: sst-10 then sorts before sst-2. */
const GENERATIONS = 11;
/**
 * With compactions, one comes after the fifth flush. Four flushes later there are
 * SSTables on both sides of sst-10 that are not merged yet; ids of the compaction included.
 */
const GENERATIONS_WITH_COMPACTION = 9;
/** Each generation leaves so many keys of the one before as they are. */
const STEP = 100;

export const orderAfterRestart: Check = {
  id: 'order-after-restart',
  title: 'SSTable order after a restart',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After more than ten flushes and a restart, the newest flushed value of each key is read.',
  hints: {
    look: 'how the list of SSTables is read at start, and in which order they are asked afterwards',
    cause:
      'names sorted as text (sst-10 before sst-2), taken from the folder in any order, or kept in a set',
    chapter: 'docs/weeks/02.md#the-manifest',
  },
  cost: {requests: 27_000, writes: 23_000, restarts: 1},
  deadlineMs: 180_000,

  async run(context) {
    const {server, week, random, progress} = context;
    const keys = new Keys(random);
    const entries = memtableEntriesMax(week);
    const generations = generationsWanted(week);
    const pool = keys.keys(entries + generations * STEP);
    for (let generation = 0; generation < generations; generation++) {
      progress(`writing generation ${generation + 1} of ${generations}`);
      const window = pool.slice(generation * STEP, generation * STEP + entries);
      await writeInAnyOrder(server, keys.rewritten(window));
    }
    // Until week 2 a restart may lose a memtable's worth: these, and only half of the last flush.
    await fill(context, keys, Math.ceil(entries / 2));
    await server.restart();
    await readBack(context, keys, {absent: 30});
  },
};

function generationsWanted(week: number): number {
  const {compactionUpdates, l0TablesMax} = thresholds(week);
  const hasCompaction = (compactionUpdates ?? l0TablesMax) !== undefined;
  return hasCompaction ? GENERATIONS_WITH_COMPACTION : GENERATIONS;
}
