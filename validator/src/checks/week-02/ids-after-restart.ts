import {expectInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill, keysToFlush} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const idsAfterRestart: Check = {
  id: 'ids-after-restart',
  title: 'No SSTable id is used twice',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'What was flushed before a restart is still there after further flushes and another restart.',
  hints: {
    look: 'how the id of the next SSTable is found at start',
    cause:
      'a counter that begins at 1 again, or that counts files instead of taking the highest id plus one',
    chapter: 'docs/weeks/02.md#starting-again',
  },
  cost: {requests: 11_000, writes: 8_200, restarts: 2},

  async run(context) {
    const {server, week, random} = context;
    const keys = new Keys(random);
    const before = await fill(context, keys, keysToFlush(week, 1));
    await server.restart();
    await expectInAnyOrder(server, random.shuffled(before).slice(0, 300));

    await fill(context, keys, keysToFlush(week, 1));
    await expectInAnyOrder(server, random.shuffled(before).slice(0, 300));
    await server.restart();
    await readBack(context, keys, {keysMax: 2_000});
  },
};
