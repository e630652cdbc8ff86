/** Crashes in the middle of compactions: shared by the weeks with one level and with two. */
import {performance} from 'node:perf_hooks';
import {Random} from '@kv-workshop/fixtures/generate/random';
import {backgroundWorkEnds, filesThere, fileVanishes} from './background-work.ts';
import type {CheckContext} from './check.ts';
import {COMPACTION_WRITES} from './compaction-rounds.ts';
import {crashDuring} from './crash-during.ts';
import {filesAfterCrashes} from './files-after-crash.ts';
import {fill} from './fill.ts';
import {Keys} from './keys.ts';
import type {KeyWrite} from './ledger.ts';
import {SLACK_WRITES, writeUpToCompaction} from './mixed-writes.ts';
import {LAST_KEY} from './ranges.ts';
import {readBack} from './read-back.ts';
import {shortened} from './shortened.ts';
import {isConcurrent, memtableEntriesMax, thresholds} from './week-rules.ts';

/** Besides the compaction that is timed. Where updates are counted, each needs all of them anew. */
const CRASHES_BY_UPDATES = 3;
/** In the week of concurrency other checks crash in the background too, and no compaction is timed. */
const CRASHES_IN_BACKGROUND = 2;
/** With levels, a compaction that was cut off is made up for at the next flush. */
const CRASHES_BY_FILES = 4;
/** The write that causes the compaction is the last of so many. */
const EARLY = 4;
/** Some crashes come when the compaction is over. */
const BEYOND_THE_COMPACTION = 1.1;
/** A compaction writes some five SSTables more than its flush: one that took longer met a hiccup of the machine. */
const FLUSH_SHARE_MAX = 0.25;
/**
 * A flush removes files too: a log, or a MANIFEST with a number. Those that were there so many
 * memtables ago and still are go with the compaction.
 */
const OLDER_MEMTABLES = 1.5;
/** Where nothing can be seen of a compaction from outside. */
const SPAN_MS_MIN = 20;

export async function killInCompactions(context: CheckContext): Promise<void> {
  const {server, random, week, progress} = context;
  const {settling} = server.ledger;
  const keys = new Keys(random);
  const isByUpdates = thresholds(week).compactionUpdates !== undefined;
  const byUpdates = isConcurrent(week) ? CRASHES_IN_BACKGROUND : CRASHES_BY_UPDATES;
  const wanted = isByUpdates ? byUpdates : CRASHES_BY_FILES;
  const least = isConcurrent(week) ? CRASHES_IN_BACKGROUND : 1;
  const rounds = shortened(context, wanted, COMPACTION_WRITES / (isByUpdates ? 1 : 2), least);
  const {flushMs, compactionMs} = await timeWork(context, keys);
  const checkFiles = await filesAfterCrashes(context);
  const spanMs = Math.max(SPAN_MS_MIN, (compactionMs - flushMs) * BEYOND_THE_COMPACTION);
  let lastMs = 0;
  let growth = 1;
  for (let round = 1; round <= rounds; round++) {
    progress(`crash ${round} of ${rounds}`);
    const isMadeUpFor = round > 1 && !isByUpdates;
    if (!isMadeUpFor) growth = growthOf(context);
    const due = isMadeUpFor ? settling.untilFlush : settling.untilCompaction;
    const early = settling.untilCompaction - due + EARLY;
    const olderWrites = Math.ceil(OLDER_MEMTABLES * memtableEntriesMax(week));
    await writeUpToCompaction(context, keys, early + olderWrites);
    const older = filesThere(context);
    await writeUpToCompaction(context, keys, early);
    // Early crashes first: of a compaction that was over, nothing is made up for.
    const share = (round - 1 + random.below(1_000) / 1_000) / Math.max(1, rounds - 1);
    // The last one comes when the first file goes: what names it must be gone by then. It may take
    // some more memtables, if the compaction before was not cut off.
    const isAtRemoval = round > 1 && round === rounds;
    // The flush comes before the compaction.
    const delayMs = flushMs + share * spanMs * growth;
    if (!isAtRemoval) lastMs = Math.max(lastMs, Math.round(delayMs));
    // Keys of their own: nobody knows how many draws a crash will take.
    const entries = new NewEntries(new Random(random.uint32()));
    await crashDuring(server, {
      writes: entries.writes(),
      connections: 1,
      afterAnswers: EARLY - 1,
      delayMs: isAtRemoval
        ? () => fileVanishes(context, () => entries.count > COMPACTION_WRITES, older)
        : delayMs,
    });
    await checkFiles();
    await server.start();
    await readBack(context, keys, {keysMax: 600, absent: 10});
  }
  await readBack(context, keys, {keysMax: 3_000});
  const atRemoval = rounds > 1 ? ', and when it removed a file' : '';
  context.note(`${rounds} crashes: up to ${lastMs} ms after a compaction was due${atRemoval}`);
}

/**
 * How much longer than the one that was timed the next compaction takes, which also
 * takes in what those before it have left. REQUIRES: the next one is not begun
 */
function growthOf({server}: CheckContext): number {
  return 1 + server.ledger.present('a', LAST_KEY).length / COMPACTION_WRITES;
}

interface Work {
  readonly flushMs: number;
  /** With the flush that comes before it. */
  readonly compactionMs: number;
}

/** Has a flush run to its end, and a compaction, unless that is as long as can be told from the flush. */
async function timeWork(context: CheckContext, keys: Keys): Promise<Work> {
  const {server, week} = context;
  const {settling} = server.ledger;
  await fill(context, keys, settling.untilFlush - 1);
  const flushMs = await timeWorkOf(context, keys);
  if (isConcurrent(week)) return {flushMs, compactionMs: flushMs / FLUSH_SHARE_MAX};
  await writeUpToCompaction(context, keys, 1);
  const compactionMs = await timeWorkOf(context, keys);
  return {flushMs: Math.min(flushMs, compactionMs * FLUSH_SHARE_MAX), compactionMs};
}

/**
 * REQUIRES: the next write makes something due.
 * @returns milliseconds from there to the last change of a file, or, where requests
 * wait for the work, to the answer that came last
 */
async function timeWorkOf({server, week}: CheckContext, keys: Keys): Promise<number> {
  const startedAt = performance.now();
  let [longestMs, answeredAt] = [0, startedAt];
  // Whoever begins a few writes later is waited for too.
  for (const [key, value] of keys.entries(1 + SLACK_WRITES)) {
    const sentAt = performance.now();
    await server.put(key, value);
    const tookMs = performance.now() - sentAt;
    if (tookMs > longestMs) [longestMs, answeredAt] = [tookMs, performance.now()];
  }
  const writtenAt = performance.now();
  const laterMs = await backgroundWorkEnds({server});
  const isInBackground = laterMs > 0 || isConcurrent(week);
  return isInBackground ? writtenAt + laterMs - startedAt : answeredAt - startedAt;
}

class NewEntries {
  readonly #keys: Keys;
  /** Drawn so far. */
  count = 0;

  constructor(random: Random) {
    this.#keys = new Keys(random);
  }

  /** Endless. */
  *writes(): Generator<KeyWrite, undefined> {
    for (; ; this.count++) yield [this.#keys.key(), this.#keys.value()];
  }
}
