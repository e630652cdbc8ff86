import {expectInAnyOrder} from '../any-order.ts';
import type {Check, CheckContext} from '../check.ts';
import {Keys, letters} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {WRITES_PER_SYNC, writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

/** Writers at the same time, and writes of a burst: each has one. */
const WRITERS = 64;
/** Of a burst: they overwrite or delete keys from earlier bursts. */
const OLD_WRITES = 16;
/** Past two swaps of the memtable. */
const BURSTS = Math.ceil((2.3 * memtableEntriesMax(WEEK_LAST)) / WRITERS);
const BURSTS_EACH_ROUND = 10;
/** Of the keys of a burst; all are read at the end. */
const READ_AT_ONCE = 24;
const ROUNDS = Math.ceil(BURSTS / BURSTS_EACH_ROUND);

export const noLostUpdates: Check = {
  id: 'no-lost-updates',
  title: 'No write takes another with it',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'Of sixty-four writes to neighbouring keys at the same time, each is there when it is acknowledged, also when the memtable is swapped among them.',
  hints: {
    look: 'what two writes that arrive together share: the group for the log, the memtable, the step in which a full one is swapped',
    cause:
      'a whole queue acknowledged where only a part of it was written, a write into a memtable that was swapped away, or a structure changed by two at once',
    chapter: 'docs/weeks/08.md#group-commit',
  },
  cost: {
    requests: BURSTS * (WRITERS + READ_AT_ONCE) + 3_600,
    writes: BURSTS * WRITERS,
    restarts: 0,
  },

  async run(context) {
    const {server, progress} = context;
    const rounds = shortened(context, ROUNDS, (BURSTS_EACH_ROUND * WRITERS) / WRITES_PER_SYNC);
    const keys = new Keys(context.random);
    const written: string[] = [];
    for (let burst = 1; burst <= rounds * BURSTS_EACH_ROUND; burst++) {
      progress(`burst ${burst} of ${rounds * BURSTS_EACH_ROUND}`);
      const writes = burstOf(context, keys, written);
      await writeSideBySide(server, writes, WRITERS);
      await expectInAnyOrder(
        server,
        writes.slice(0, READ_AT_ONCE).map(([key]) => key),
      );
    }
    await readBack(context, keys);
  },
};

/** New keys that differ in their last letters only, and some that were written before. */
function burstOf({random}: CheckContext, keys: Keys, written: string[]): KeyWrite[] {
  const old = random.shuffled(written).slice(0, OLD_WRITES);
  const stem = keys.key();
  const neighbours = new Set<string>();
  while (neighbours.size < WRITERS - old.length) neighbours.add(`${stem}${letters(random, 2)}`);
  written.push(...neighbours);
  const oldWrites = old.map((key): KeyWrite => [key, random.chance(30) ? null : keys.value()]);
  const newWrites = Array.from(neighbours, (key): KeyWrite => [key, keys.value()]);
  return random.shuffled([...oldWrites, ...newWrites]);
}
