import {writeInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const killTwice: Check = {
  id: 'kill-twice',
  title: 'Two crashes, no write between',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves: 'What the first recovery found is still there after a second crash.',
  hints: {
    look: 'when the log is emptied: only after its entries are in an SSTable that MANIFEST lists',
    cause: 'a log that is emptied, or begun anew, once it has been replayed into memory',
    chapter: 'docs/weeks/03.md#replay',
  },
  cost: {requests: 1_400, writes: 400, restarts: 4},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    // A prime number of writes in all, so that no batch of them is complete by chance.
    const written = await fill(context, keys, 311);
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(written).slice(0, 98)));
    await server.killAndStart();
    await server.killAndStart();
    await readBack(context, keys);

    // Reads between two crashes change nothing either.
    await server.killAndStart();
    await server.restart();
    await readBack(context, keys);
  },
};
