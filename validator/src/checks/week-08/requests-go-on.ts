import {performance} from 'node:perf_hooks';
import {backgroundWorkEnds} from '../background-work.ts';
import type {Check, CheckContext} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {Keys} from '../keys.ts';
import {writeUpToCompaction} from '../mixed-writes.ts';
import {WEEK_LAST} from '../week-rules.ts';

const READERS = 4;
/** Keys that they read, again and again. */
const KEYS_READ = 100;
/** The one that makes a compaction due, and some for a server that counts a little otherwise. */
const LAST_WRITES = 3;
/** A shorter one is no harm, and may be one of the machine. */
const STALL_MS_MIN = 150;
/** Of the time of a flush and a compaction: who answers nothing for so long answers nothing meanwhile. */
const STALL_SHARE = 0.8;
/** A machine may hang for a moment, but hardly each time that a compaction runs. */
const COMPACTIONS = 2;

export const requestsGoOn: Check = {
  id: 'requests-go-on',
  title: 'Requests go on',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  isTimed: true,
  needs: 'process',
  proves: 'While a flush and a compaction run in the background, reads are answered.',
  hints: {
    look: 'what a GET waits for while your compaction runs: a lock, a queue, or the one thread of your program',
    cause: 'a lock that is held for all of a compaction, or a merge in one piece',
    chapter: 'docs/weeks/08.md#taking-turns',
  },
  cost: {requests: 11_000, writes: 10_000, restarts: 0},

  async run(context) {
    const keys = new Keys(context.random);
    let worst: Stall | undefined;
    for (let compaction = 1; compaction <= COMPACTIONS; compaction++) {
      await writeUpToCompaction(context, keys, 1);
      await backgroundWorkEnds(context);
      const stall = await readMeanwhile(context, keys);
      context.note(
        `work of ${ms(stall.workMs)}, with at most ${ms(stall.silenceMs)} without an answer`,
      );
      const isStall = stall.workMs >= STALL_MS_MIN && stall.silenceMs >= STALL_SHARE * stall.workMs;
      if (!isStall) return;
      worst = stall;
    }
    if (worst !== undefined) throw stalled(worst);
  },
};

interface Stall {
  /** From the update that makes a flush and a compaction due to the last change of a file. */
  readonly workMs: number;
  /** The longest time of these without an answer to a read. */
  readonly silenceMs: number;
}

/** REQUIRES: the next write makes a compaction due. */
async function readMeanwhile(context: CheckContext, keys: Keys): Promise<Stall> {
  const {server, random, progress} = context;
  progress(`${READERS} clients read during a compaction`);
  const read = random.shuffled(server.ledger.keys()).slice(0, KEYS_READ);
  const answeredAt: number[] = [];
  const reading = {isOver: false};
  const reader = async () => {
    for (let index = 0; !reading.isOver; index = (index + 1) % read.length) {
      await server.expect(read[index] ?? '');
      answeredAt.push(performance.now());
    }
  };
  const work = async () => {
    const startedAt = performance.now();
    await server.putAll(keys.entries(LAST_WRITES));
    const writtenAt = performance.now();
    return {startedAt, endedAt: writtenAt + (await backgroundWorkEnds({server}))};
  };
  const ended = work().finally(() => {
    reading.isOver = true;
  });
  const [{startedAt, endedAt}] = await Promise.all([
    ended,
    ...Array.from({length: READERS}, reader),
  ]);
  const between = answeredAt.filter((at) => startedAt < at && at < endedAt);
  return {workMs: endedAt - startedAt, silenceMs: longestGap([startedAt, ...between, endedAt])};
}

/** @param times ascending */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)));
}

function stalled({workMs, silenceMs}: Stall): CheckFailure {
  return new CheckFailure({
    summary: `of the ${ms(workMs)} of a flush and a compaction, no read was answered for ${ms(silenceMs)}`,
    expected: 'answers to reads meanwhile',
    got: `none, in each of ${COMPACTIONS} compactions`,
    invariant: 'Requests go on while a flush or a compaction runs in the background.',
  });
}

function ms(duration: number): string {
  return `${Math.round(duration)} ms`;
}
