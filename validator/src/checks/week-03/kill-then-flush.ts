import {Random} from '@kv-workshop/fixtures/generate/random';
import {writeInAnyOrder} from '../any-order.ts';
import type {Check, CheckContext} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {filesAfterCrashes} from '../files-after-crash.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {isConcurrent, memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

export const killThenFlush: Check = {
  id: 'kill-then-flush',
  title: 'A flush after a recovery',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A flush after a recovery replaces no SSTable, loses no recovered entry and leaves no old log behind.',
  hints: {
    look: 'the id of the first SSTable after a recovery, and what the flush does to the log',
    cause:
      'ids that begin at 1 again, recovered entries left out of the flush, or a log that is not emptied where it was reopened',
    chapter: 'docs/weeks/03.md#resetting-the-log',
  },
  cost: {requests: 7_500, writes: 4_300, restarts: 3},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const entries = memtableEntriesMax(week);
    // One SSTable, and entries that only the log has.
    const old = await fill(context, keys, entries + 200);
    await server.killAndStart();
    // Fills the recovered memtable up, with new values of old keys among the new keys.
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(old).slice(0, 100)));
    await fill(context, keys, entries - 200);
    await server.killAndStart();
    await readBack(context, keys);
    await writeInAnyOrder(server, keys.rewritten(random.shuffled(old).slice(0, 50)));
    await server.killAndStart();
    await readBack(context, keys, {keysMax: 500});
  },
};

const ROUNDS = 5;
const ROUNDS_MIN = 3;
/** In the week of concurrency other checks crash in the background too. */
const ROUNDS_IN_BACKGROUND = 4;

export const killAroundFlush: Check = {
  id: 'kill-around-flush',
  title: 'Crashes in and around a flush',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A crash at any step of a flush (SSTable, MANIFEST, log) loses and doubles nothing; from week 5 on MANIFEST, if it is claimed, and all that it lists are whole after it.',
  hints: {
    look: 'the order in your flush: SSTable synced, then MANIFEST published, then the log emptied',
    cause:
      'a log emptied before MANIFEST lists the SSTable, or MANIFEST written in place and cut short',
    chapter: 'docs/weeks/03.md#the-durable-flush',
  },
  cost: {requests: 17_200, writes: 14_100, restarts: ROUNDS},

  async run(context) {
    const {server, random, week, progress} = context;
    const keys = new Keys(random);
    const wanted = isConcurrent(week) ? ROUNDS_IN_BACKGROUND : ROUNDS;
    const rounds = shortened(context, wanted, memtableEntriesMax(week), ROUNDS_MIN);
    const parts = rounds - 1;
    // Of two: one that met a hiccup of the machine would have all crashes come too late.
    const flushMs = Math.min(await timeFlush(context, keys), await timeFlush(context, keys));
    const checkFiles = await filesAfterCrashes(context);
    for (let round = 1; round <= rounds; round++) {
      const early = 2 + random.below(3);
      await fill(context, keys, server.ledger.settling.untilFlush - early);
      progress(`crash ${round} of ${rounds}`);
      // The write that fills the memtable is in flight; in the last round it was just answered.
      const isAnswered = round === rounds;
      // One in each part of the flush, from its end to its beginning.
      const part = isAnswered ? random.below(parts) : parts - round;
      const share = (part + random.below(1_000) / 1_000) / parts;
      await crashDuring(server, {
        // A generator of their own: nobody knows how many draws a crash will take.
        writes: newEntries(new Keys(new Random(random.uint32()))),
        connections: 1,
        afterAnswers: isAnswered ? early : early - 1,
        delayMs: share * flushMs * BEYOND_THE_FLUSH,
      });
      await checkFiles();
      await server.start();
      await readBack(context, keys, {keysMax: 250, latest: 50, absent: 5});
    }
    await readBack(context, keys, {keysMax: 1_500, latest: 100});
  },
};

/** Some crashes come when the flush is over. */
const BEYOND_THE_FLUSH = 1.1;

/**
 * Fills a memtable. @returns milliseconds that the longest of the writes around
 * the flush took: where requests wait for a flush, it lasts as long as that
 */
async function timeFlush(context: CheckContext, keys: Keys): Promise<number> {
  await fill(context, keys, context.server.ledger.settling.untilFlush - 2);
  let longestMs = 0;
  for (const [key, value] of keys.entries(4)) {
    const start = performance.now();
    await context.server.put(key, value);
    longestMs = Math.max(longestMs, performance.now() - start);
  }
  return longestMs;
}

function* newEntries(keys: Keys): Generator<readonly [string, string]> {
  for (;;) yield [keys.key(), keys.value()];
}
