import {Random} from '@kv-workshop/fixtures/generate/random';
import type {Check, CheckContext} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 8;
/** With levels, other checks crash as often. */
const ROUNDS_WITH_LEVELS = 5;
const LEVELS_FROM_WEEK = 5;
/** Acknowledged writes before each crash: at most so many. */
const ANSWERS_MAX = 120;

export const killKeepsAcknowledged: Check = {
  id: 'kill-keeps-acknowledged',
  title: 'Acknowledged writes survive',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After SIGKILL in the middle of writes, every acknowledged write is there; one without an answer may be.',
  hints: {
    look: 'the order in your PUT: log, sync, memtable, answer',
    cause:
      'an answer sent before the log is written, a log buffered in memory, or data saved at a clean stop only',
    chapter: 'docs/weeks/03.md#the-write-ahead-log',
  },
  cost: {requests: 2_200, writes: 500, restarts: ROUNDS},

  run: (context) => killRounds(context, 1),
};

export const killConcurrentWriters: Check = {
  id: 'kill-concurrent-writers',
  title: 'A crash of concurrent writers',
  weekFirst: 3,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'The same with several writers at once, so that several requests are cut off by each crash.',
  hints: {
    look: 'what two requests that arrive together share: the log, the memtable, a buffer',
    cause: 'records of two writers mixed in the log, or a memtable and a log without a common lock',
    chapter: 'docs/weeks/03.md#the-write-ahead-log',
  },
  cost: {requests: 2_200, writes: 500, restarts: ROUNDS},

  run: (context) => killRounds(context, 8),
};

async function killRounds(context: CheckContext, connections: number): Promise<void> {
  const {server, random, progress, week} = context;
  const earlier: string[] = [];
  const rounds = shortened(
    context,
    week < LEVELS_FROM_WEEK ? ROUNDS : ROUNDS_WITH_LEVELS,
    ANSWERS_MAX / 2,
  );
  let unanswered = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`crash ${round} of ${rounds}`);
    // A generator of its own: nobody knows how many draws a round will take.
    const roundRandom = new Random(random.uint32());
    const keys = new Keys(roundRandom);
    const afterAnswers = random.between(1, ANSWERS_MAX);
    const crash = await crashDuring(server, {
      writes: newAndOld(roundRandom, keys, random.shuffled(earlier)),
      connections,
      afterAnswers,
      delayMs: random.below(3),
    });
    unanswered += crash.unanswered;
    // So many were drawn in any case.
    earlier.push(...keys.drawn().slice(0, afterAnswers / 2));
    await server.start();
    await readBack(context, keys, {keysMax: 200, absent: 5});
  }
  await readBack(context, new Keys(random));
  context.note(`${rounds} crashes, ${unanswered} writes cut off`);
}

/** Endless: new keys and, one in three, a new value of a key from an earlier round, each once. */
function* newAndOld(
  random: Random,
  keys: Keys,
  old: string[],
): Generator<readonly [string, string], undefined> {
  for (;;) {
    const key = random.below(3) === 0 ? (old.pop() ?? keys.key()) : keys.key();
    yield [key, keys.value()];
  }
}
