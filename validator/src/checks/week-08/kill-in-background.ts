import {Random} from '@kv-workshop/fixtures/generate/random';
import {expectInAnyOrder} from '../any-order.ts';
import {backgroundWorkEnds} from '../background-work.ts';
import type {Check, CheckContext} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {checkFilesAfterCrash} from '../files-after-crash.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 6;
const WRITERS = 16;
/** Writes before the memtable is full: the swap falls among concurrent ones. */
const EARLY = 20;
/** Acknowledged writes behind the swap, at most. */
const LATE_MAX = 80;
/** Some crashes come when the flush is over. */
const BEYOND_THE_FLUSH = 1.2;

export const killInBackground: Check = {
  id: 'kill-in-background',
  title: 'Crashes in a background flush',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  isTimed: true,
  needs: 'process',
  proves:
    'A crash at any moment of a background flush loses nothing of two memtables, and what was written last wins: each log is replayed, the oldest first.',
  hints: {
    look: 'the logs in the data folder after such a crash, which of them your start replays, and in which order',
    cause:
      'a log removed before MANIFEST lists its SSTable, only the newest log replayed, or logs replayed in the order in which a folder lists them',
    chapter: 'docs/weeks/08.md#starting-again',
  },
  cost: {requests: 19_500, writes: 13_000, restarts: ROUNDS + 3},

  async run(context) {
    const {server, random, week, progress, note} = context;
    const keys = new Keys(random);
    const rounds = shortened(context, ROUNDS, memtableEntriesMax(week));
    const flushMs = await timeFlush(context, keys);
    for (let round = 1; round <= rounds; round++) {
      await fillUpTo(context, keys, EARLY);
      progress(`crash ${round} of ${rounds}`);
      const share = (round - 1 + random.below(1_000) / 1_000) / rounds;
      const burst = new Burst(context);
      await crashDuring(server, {
        writes: burst.writes(),
        connections: WRITERS,
        afterAnswers: EARLY + WRITERS + random.below(LATE_MAX),
        // Early ones more often: on a busy machine the one flush that was timed was a slow one.
        delayMs: share ** 2 * flushMs * BEYOND_THE_FLUSH,
      });
      await checkFilesAfterCrash(context);
      // Now and then a second crash finds several logs, and a start that was cut off.
      if (round % 2 === 0)
        await server.killWhileItStarts(random.below(Math.ceil(server.startMs ?? 0)));
      await server.start();
      await expectInAnyOrder(server, burst.rewritten);
      await readBack(context, keys, {keysMax: 600, absent: 5});
    }
    await readBack(context, keys, {keysMax: 2_000});
    note(`${rounds} crashes, a background flush took ${Math.round(flushMs)} ms`);
  },
};

/** Fills the memtable, in parallel, with keys that it does not have, but for the last `early`. */
async function fillUpTo(context: CheckContext, keys: Keys, early: number): Promise<void> {
  const {server} = context;
  const count = server.ledger.settling.untilFlush - early;
  context.progress(`writing ${count} keys`);
  await writeSideBySide(server, mixedWrites(context, keys, count), WRITERS);
}

/** @returns milliseconds from the write that fills a memtable to the last change of a file */
async function timeFlush(context: CheckContext, keys: Keys): Promise<number> {
  await fillUpTo(context, keys, 0);
  const flushMs = await backgroundWorkEnds(context);
  await readBack(context, keys, {keysMax: 300});
  return flushMs;
}

/** Writes before and behind the swap of a memtable. */
class Burst {
  /** Keys of the full memtable that were sent once more. */
  readonly rewritten: string[] = [];
  /** Its own: nobody knows how many draws a crash will take. */
  readonly #keys: Keys;
  readonly #full: string[];

  constructor({server, random}: CheckContext) {
    const {ledger} = server;
    this.#keys = new Keys(new Random(random.uint32()));
    const full = ledger.keys().filter((key) => ledger.settling.isInMemtable(key));
    this.#full = random.shuffled(full);
  }

  /**
   * Endless: new keys up to the swap; then keys that the full memtable has, each
   * once, get new values and DELETEs, with new keys among them.
   */
  *writes(): Generator<KeyWrite, undefined> {
    for (let write = 0; ; write++) {
      const old = write < EARLY + WRITERS || write % 3 === 0 ? undefined : this.#full.pop();
      if (old === undefined) {
        yield [this.#keys.key(), this.#keys.value()];
      } else {
        this.rewritten.push(old);
        yield [old, write % 4 === 0 ? null : this.#keys.value()];
      }
    }
  }
}
