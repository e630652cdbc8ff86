import {Random} from '@kv-workshop/fixtures/generate/random';
import {expectInAnyOrder} from '../any-order.ts';
import {backgroundWorkEnds, fileAppears, fileVanishes} from '../background-work.ts';
import type {Check, CheckContext} from '../check.ts';
import {type Crash, crashDuring} from '../crash-during.ts';
import {filesAfterCrashes} from '../files-after-crash.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const WRITERS = 16;
/** Writes before the memtable is full: the swap falls among concurrent ones. */
const EARLY = 20;
/** Some crashes come when the flush is over. */
const BEYOND_THE_FLUSH = 1.1;
/** With so many writes, no file will appear or go any more. */
const WRITES_MAX = 3_000;

export const killInBackground: Check = {
  id: 'kill-in-background',
  title: 'Crashes in a background flush',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A crash at any moment of a background flush loses nothing of two memtables, nor does a second one after the start; what was written last wins: each log is replayed, the oldest first.',
  hints: {
    look: 'the logs in the data folder after such a crash, which of them your start replays, in which order, and what it removes',
    cause:
      'a log removed before MANIFEST lists its SSTable or once it was replayed, only the newest log replayed, or logs replayed in the order of their names or of the folder',
    chapter: 'docs/weeks/08.md#starting-again',
  },
  cost: {requests: 19_500, writes: 13_000, restarts: 12},

  async run(context) {
    const {server, random, week, progress, note} = context;
    const keys = new Keys(random);
    const flushMs = await timeFlush(context, keys);
    const checkFiles = await filesAfterCrashes(context);
    const all = crashes(context, flushMs);
    const rounds = shortened(context, all.length, memtableEntriesMax(week));
    for (const [index, {moment, second}] of all.slice(0, rounds).entries()) {
      await fillUpTo(context, keys, EARLY);
      progress(`crash ${index + 1} of ${rounds}`);
      const burst = new Burst(context);
      await crashDuring(server, {
        writes: burst.writes(),
        connections: WRITERS,
        ...moment(burst),
      });
      await checkFiles();
      if (second === 'while it starts') {
        await server.killWhileItStarts(random.below(Math.ceil(server.startMs ?? 0)));
      } else if (second === 'after its start') {
        await server.start();
        await server.kill();
      }
      await server.start();
      await expectInAnyOrder(server, burst.rewritten);
      await readBack(context, keys, {keysMax: 300, absent: 5});
    }
    await readBack(context, keys, {keysMax: 2_000});
    note(`${rounds} crashes, a background flush took ${Math.round(flushMs)} ms`);
  },
};

type Moment = Pick<Crash, 'afterAnswers' | 'delayMs'>;

interface BackgroundCrash {
  readonly moment: (burst: Burst) => Moment;
  /** One more, which finds what a start has made of several logs. @default none */
  readonly second?: 'while it starts' | 'after its start';
}

/**
 * The crashes, in turn. Most go by the files, so that they come at the same step
 * however fast the machine is: some writes after a file that appears, which is the
 * new log or the SSTable, and when a file goes, which is the old log. One goes by
 * the clock.
 */
function crashes(context: CheckContext, flushMs: number): readonly BackgroundCrash[] {
  const {random} = context;
  const byFile = (wait: (burst: Burst) => Promise<void>) => (burst: Burst) => ({
    // A little before the swap: what is there then is older than it.
    afterAnswers: EARLY - WRITERS,
    delayMs: () => wait(burst),
  });
  const behindNewFile = (low: number, high: number) => {
    const more = random.between(low, high);
    return byFile(async (burst) => {
      await fileAppears(context, () => burst.count > WRITES_MAX);
      await burst.rewrites(more);
    });
  };
  const atRemoval = byFile((burst) => fileVanishes(context, () => burst.count > WRITES_MAX));
  const share = random.below(1_000) / 1_000;
  const byTheClock = () => ({
    afterAnswers: EARLY + WRITERS,
    delayMs: share * flushMs * BEYOND_THE_FLUSH,
  });
  return [
    {moment: behindNewFile(WRITERS, 1.5 * WRITERS)},
    {moment: behindNewFile(0, WRITERS), second: 'after its start'},
    {moment: atRemoval, second: 'while it starts'},
    {moment: behindNewFile(2 * WRITERS, 4 * WRITERS), second: 'after its start'},
    {moment: byTheClock},
    {moment: behindNewFile(1.5 * WRITERS, 2 * WRITERS)},
  ];
}

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
  /** Writes so far. */
  count = 0;
  #isSwapped = false;
  #goal = Number.POSITIVE_INFINITY;
  #onGoal: () => void = () => {};
  /** Its own: nobody knows how many draws a crash will take. */
  readonly #keys: Keys;
  readonly #full: string[];

  constructor({server, random}: CheckContext) {
    const {ledger} = server;
    this.#keys = new Keys(new Random(random.uint32()));
    const full = ledger.keys().filter((key) => ledger.settling.isInMemtable(key));
    this.#full = random.shuffled(full);
  }

  /** To be called behind the swap. Settles when so many old keys more have been asked for. */
  rewrites(count: number): Promise<void> {
    this.#isSwapped = true;
    return new Promise((resolve) => {
      [this.#goal, this.#onGoal] = [this.count + count, resolve];
    });
  }

  /**
   * Endless: new keys up to the swap; then keys that the full memtable has, each
   * once, get new values and DELETEs; while the swap is only thought to be over,
   * with new keys among them.
   */
  *writes(): Generator<KeyWrite, undefined> {
    for (; ; this.count++) {
      const write = this.count;
      if (write >= this.#goal) this.#onGoal();
      const isOld = this.#isSwapped || (write >= EARLY + WRITERS && write % 3 > 0);
      const old = isOld ? this.#full.pop() : undefined;
      if (old === undefined) {
        yield [this.#keys.key(), this.#keys.value()];
      } else {
        this.rewritten.push(old);
        yield [old, write % 4 === 0 ? null : this.#keys.value()];
      }
    }
  }
}
