/** Crashes in the middle of compactions: shared by the weeks with one level and with two. */
import {performance} from 'node:perf_hooks';
import {Random} from '@kv-workshop/fixtures/generate/random';
import {inAnyOrder} from './any-order.ts';
import type {CheckContext} from './check.ts';
import {COMPACTION_WRITES} from './compaction-rounds.ts';
import {crashDuring} from './crash-during.ts';
import {Keys} from './keys.ts';
import type {KeyWrite} from './ledger.ts';
import {mixedWrites} from './mixed-writes.ts';
import {readBack} from './read-back.ts';
import {shortened} from './shortened.ts';
import {thresholds} from './week-rules.ts';

/** Where updates since the start are counted, each round needs all of them anew. */
const ROUNDS_BY_UPDATES = 3;
/** With levels, a compaction that was cut off is made up for at the next flush. */
const ROUNDS_BY_FILES = 4;
/** The write that causes the compaction is the last of so many. */
const EARLY = 4;
/** A compaction reads and writes some five SSTables: it lasts at most so many flushes. */
const FLUSHES_PER_COMPACTION = 8;
/** Where flushes run in the background, they cannot be timed. */
const SPAN_MS_MIN = 100;

export async function killInCompactions(context: CheckContext): Promise<void> {
  const {server, random, week, progress} = context;
  const {settling} = server.ledger;
  const keys = new Keys(random);
  const isByUpdates = thresholds(week).compactionUpdates !== undefined;
  const wanted = isByUpdates ? ROUNDS_BY_UPDATES : ROUNDS_BY_FILES;
  const rounds = shortened(context, wanted, COMPACTION_WRITES / (isByUpdates ? 1 : 2));
  let [flushMs, spanMs] = [0, SPAN_MS_MIN];
  for (let round = 1; round <= rounds; round++) {
    progress(`crash ${round} of ${rounds}`);
    const isMadeUpFor = round > 1 && !isByUpdates;
    const due = isMadeUpFor ? settling.untilFlush : settling.untilCompaction;
    flushMs = Math.max(flushMs, await timeFlushes(context, keys, due - EARLY));
    spanMs = Math.max(spanMs, flushMs * FLUSHES_PER_COMPACTION);
    // Early crashes first: of a compaction that was over, nothing is made up for.
    const share = (round - 1 + random.below(1_000) / 1_000) / rounds;
    await crashDuring(server, {
      // A generator of their own: nobody knows how many draws a crash will take.
      writes: newEntries(new Keys(new Random(random.uint32()))),
      connections: 1,
      afterAnswers: EARLY - 1,
      // The flush comes before the compaction.
      delayMs: flushMs + share * spanMs,
    });
    await server.start();
    await readBack(context, keys, {keysMax: 600, absent: 10});
  }
  await readBack(context, keys, {keysMax: 3_000});
  context.note(`${rounds} crashes, up to ${Math.round(spanMs)} ms after a compaction began`);
}

/**
 * Mixed writes.
 * @returns milliseconds that each of the flushes took at least; 0 if there were none
 */
async function timeFlushes(context: CheckContext, keys: Keys, count: number): Promise<number> {
  const {server} = context;
  const durationsMs: number[] = [];
  let flushes = 0;
  while (durationsMs.length < count) {
    const {untilFlush} = server.ledger.settling;
    const rest = count - durationsMs.length;
    const writes = mixedWrites(context, keys, Math.min(rest, untilFlush));
    await inAnyOrder(server, writes, async (write) => {
      const startedAt = performance.now();
      await server.writeAll([write]);
      durationsMs.push(performance.now() - startedAt);
    });
    if (untilFlush <= rest) flushes += 1;
  }
  // Those around a flush are the longest ones, but for a hiccup of the machine.
  return durationsMs.sort((a, b) => b - a)[flushes - 1] ?? 0;
}

function* newEntries(keys: Keys): Generator<KeyWrite, undefined> {
  for (;;) yield [keys.key(), keys.value()];
}
