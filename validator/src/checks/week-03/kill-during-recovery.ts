import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 4;
/** Enough for a log that takes a moment to replay, and no flush. */
const KEYS = 1_201;

export const killDuringRecovery: Check = {
  id: 'kill-during-recovery',
  title: 'Crashes while it starts',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves: 'A start that is cut off, at whatever moment, takes nothing away from the next one.',
  hints: {
    look: 'what your start changes on disk, and in which order: it must be safe to begin again at any point',
    cause:
      'a log that is emptied or rewritten while it is replayed, before its entries are safe elsewhere',
    chapter: 'docs/weeks/03.md#replay',
  },
  cost: {requests: 2_500, writes: 1_300, restarts: ROUNDS + 2},

  async run({server, random, progress}) {
    const keys = new Keys(random);
    const written = await fill({server, progress}, keys, KEYS);
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(written).slice(0, 100)));
    await server.kill();
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`crash ${round} of ${ROUNDS}`);
      await server.killWhileItStarts(random.below(Math.ceil(server.startMs ?? 0)));
    }
    await server.start();
    await readBack({server, random, progress}, keys);
  },
};
