import {Random} from '@kv-workshop/fixtures/generate/random';
import type {Check, CheckContext} from '../check.ts';
import {crashDuring} from '../crash-during.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

const ROUNDS = 4;

export const killKeepsDeletes: Check = {
  id: 'kill-keeps-deletes',
  title: 'Acknowledged deletes survive',
  weekFirst: 4,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'After crashes and a restart, deleted keys are absent, re-created ones are there, and so is all that was written behind a delete.',
  hints: {
    look: 'the records of deletes in your log, and what the replay makes of them',
    cause:
      'deletes that are not logged, a replay that skips them or removes the key instead of keeping a tombstone, or one that stops at the first',
    chapter: 'docs/weeks/04.md#replay-with-deletes',
  },
  cost: {requests: 1_900, writes: 600, restarts: ROUNDS + 2},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    const first = await fill(context, keys, 120);
    await server.deleteAll(first.slice(0, 60));
    await server.putAll(keys.rewritten(first.slice(0, 20)));
    await server.deleteAll(first.slice(0, 5));
    await server.killAndStart();
    await readBack(context, keys);
    await server.restart();
    await readBack(context, keys, {absent: 10});

    const earlier = [...first];
    for (let round = 1; round <= ROUNDS; round++) {
      earlier.push(...(await crashAmongDeletes(context, earlier, round)));
      await readBack(context, keys, {keysMax: 300, absent: 5});
    }
  },
};

/** @returns new keys of this round */
async function crashAmongDeletes(
  {server, random, progress}: CheckContext,
  earlier: readonly string[],
  round: number,
): Promise<string[]> {
  progress(`crash ${round} of ${ROUNDS}`);
  // A generator of its own: nobody knows how many draws a round will take.
  const roundRandom = new Random(random.uint32());
  const keys = new Keys(roundRandom);
  const afterAnswers = random.between(40, 80);
  await crashDuring(server, {
    writes: deletesAndPuts(roundRandom, keys, random.shuffled(earlier)),
    connections: 1,
    afterAnswers,
    delayMs: random.below(3),
  });
  await server.start();
  // So many were drawn in any case.
  return keys.drawn().slice(0, afterAnswers / 8);
}

/** Endless: a third new keys, and of the old ones, each once, every second is deleted. */
function* deletesAndPuts(
  random: Random,
  keys: Keys,
  old: string[],
): Generator<KeyWrite, undefined> {
  for (;;) {
    const oldKey = random.below(3) === 0 ? undefined : old.pop();
    const isDelete = oldKey !== undefined && random.below(2) === 0;
    yield [oldKey ?? keys.key(), isDelete ? null : keys.value()];
  }
}
