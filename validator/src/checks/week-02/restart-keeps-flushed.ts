import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill, keysToFlush} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const restartKeepsFlushed: Check = {
  id: 'restart-keeps-flushed',
  title: 'Flushed data survives a restart',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After a clean stop and a start, every flushed key has its value, and nothing else appears.',
  hints: {
    look: 'the data folder after a stop, and what your server reads of it at start',
    cause:
      'data kept in memory only, MANIFEST opened so that it is emptied, or paths that differ after a start',
    chapter: 'docs/weeks/02.md#starting-again',
  },
  cost: {requests: 9_100, writes: 4_400, restarts: 2},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const written = await fill(context, keys, keysToFlush(week, 1));
    // Some of the flushed keys get a newer value, which may be in the memtable only.
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(written).slice(0, 200)));
    await server.restart();
    await readBack(context, keys, {absent: 100});

    await writeInAnyOrder(server, keys.rewritten(random.shuffled(written).slice(0, 100)));
    await server.restart();
    await readBack(context, keys, {keysMax: 500});
  },
};
