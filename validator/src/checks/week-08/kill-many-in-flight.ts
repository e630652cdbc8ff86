import {Random} from '@kv-workshop/fixtures/generate/random';
import {expectInAnyOrder} from '../any-order.ts';
import type {Check} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 6;
const WRITERS = 64;
/** Acknowledged writes before each crash: at most so many. */
const ANSWERS_MAX = 900;

export const killManyInFlight: Check = {
  id: 'kill-many-in-flight',
  title: 'A crash of sixty-four writers',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'When sixty-four PUTs and DELETEs are in flight at a crash, every one that was acknowledged has happened, and each of the others has happened or not.',
  hints: {
    look: 'the moment at which a group of writes is answered: behind the sync that they share',
    cause:
      'writes answered when their group is formed, or only the first of a group put into the log',
    chapter: 'docs/weeks/08.md#group-commit',
  },
  cost: {requests: 6_500, writes: 3_000, restarts: ROUNDS},

  async run(context) {
    const {server, random, progress, note} = context;
    const earlier: string[] = [];
    const rounds = shortened(context, ROUNDS, ANSWERS_MAX / 2);
    let unanswered = 0;
    for (let round = 1; round <= rounds; round++) {
      progress(`crash ${round} of ${rounds}`);
      // A generator of its own: nobody knows how many draws a round will take.
      const roundRandom = new Random(random.uint32());
      const keys = new Keys(roundRandom);
      const afterAnswers = random.between(WRITERS, ANSWERS_MAX);
      const crash = await crashDuring(server, {
        writes: newAndOld(roundRandom, keys, random.shuffled(earlier)),
        connections: WRITERS,
        afterAnswers,
        delayMs: random.below(3),
      });
      unanswered += crash.unanswered;
      // So many were drawn in any case.
      earlier.push(...keys.drawn().slice(0, afterAnswers / 2));
      await server.start();
      await expectInAnyOrder(
        server,
        keys.drawn().filter((key) => server.ledger.has(key)),
      );
    }
    await readBack(context, new Keys(random), {keysMax: 2_000});
    note(`${rounds} crashes, ${unanswered} writes cut off`);
  },
};

/** Endless: new keys and, one in three, a DELETE or a new value of an earlier key, each once. */
function* newAndOld(random: Random, keys: Keys, old: string[]): Generator<KeyWrite, undefined> {
  for (;;) {
    const earlier = random.below(3) === 0 ? old.pop() : undefined;
    if (earlier === undefined) yield [keys.key(), keys.value()];
    else yield [earlier, random.chance(50) ? null : keys.value()];
  }
}
