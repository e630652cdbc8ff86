import type {Check, CheckContext} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 12;
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
  cost: {requests: 3_000, writes: 800, restarts: ROUNDS},

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
  cost: {requests: 3_000, writes: 800, restarts: ROUNDS},

  run: (context) => killRounds(context, 8),
};

async function killRounds(context: CheckContext, connections: number): Promise<void> {
  const {server, random, progress} = context;
  const keys = new Keys(random);
  const rounds = shortened(context, ROUNDS, ANSWERS_MAX / 2);
  let unanswered = 0;
  for (let round = 1; round <= rounds; round++) {
    progress(`crash ${round} of ${rounds}`);
    const crash = await crashDuring(server, {
      writes: newAndOld(context, keys),
      connections,
      afterAnswers: 1 + random.below(ANSWERS_MAX),
      delayMs: random.below(3),
    });
    unanswered += crash.unanswered;
    await server.start();
    await readBack(context, keys, {keysMax: 200, absent: 5});
  }
  await readBack(context, keys);
  context.note(`${rounds} crashes, ${unanswered} writes cut off`);
}

/** Endless: new keys and, one in three, a new value of a key from an earlier round, each once. */
function* newAndOld(
  {server, random}: CheckContext,
  keys: Keys,
): Generator<readonly [string, string]> {
  const old = random.shuffled(server.ledger.keys());
  for (;;) {
    const key = random.below(3) === 0 ? (old.pop() ?? keys.key()) : keys.key();
    yield [key, keys.value()];
  }
}
