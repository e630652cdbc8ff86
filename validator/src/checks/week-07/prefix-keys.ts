import type {Random} from '@kv-workshop/fixtures/generate/random';
import type {Check, CheckContext} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys, letters} from '../keys.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const REQUESTS = 500;
const SCAN_ONE_OF = 12;
/** Letters behind the common beginning: with two to choose from, every node splits. */
const DEPTH_MAX = 6;

export const prefixKeys: Check = {
  id: 'prefix-keys',
  title: 'Keys that begin with others',
  weekFirst: 7,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'Keys that are prefixes of each other live and die on their own, in any order; scans and flushes walk them in order.',
  hints: {
    look: 'the insert that splits an edge, the node that is only a prefix, and what a DELETE leaves in the trie',
    cause:
      'a key lost or found when its edge is split, a DELETE that takes the keys below it along, or children that are not walked in order',
    chapter: 'docs/weeks/07.md#splitting-an-edge',
  },
  cost: {requests: 2_850, writes: 2_320, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const universe = keysOverTwoLetters(random);
    for (let request = 0; request < REQUESTS; request++) await step(context, keys, universe);
    await expectAllOf(context, universe);

    await fill(context, keys, memtableEntriesMax(week) + 50);
    await expectAllOf(context, universe);
    await server.expectScan(universe[0] ?? 'a', `${universe[0]}z`);
  },
};

/** Words over a and b behind a beginning of their own, which is a key too; some with a long tail. */
function keysOverTwoLetters(random: Random): string[] {
  const stem = letters(random, 10);
  let words = [''];
  const keys = new Set<string>();
  for (let depth = 0; depth <= DEPTH_MAX; depth++) {
    for (const word of words) if (random.below(3) > 0) keys.add(stem + word);
    words = words.flatMap((word) => [`${word}a`, `${word}b`]);
  }
  for (const word of words.slice(0, 10)) keys.add(stem + word + letters(random, 30));
  return [stem, ...random.shuffled(Array.from(keys).filter((key) => key !== stem))];
}

/** One request, of a key at random; a write is read back, with a neighbour. */
async function step(
  {server, random}: CheckContext,
  keys: Keys,
  universe: readonly string[],
): Promise<void> {
  const key = random.pick(universe);
  if (random.below(SCAN_ONE_OF) === 0) {
    const end = random.pick(universe);
    await server.expectScan(key < end ? key : end, key < end ? end : key);
  } else if (random.below(3) === 0) {
    await server.delete(key);
  } else if (random.below(2) === 0) {
    await server.put(key, keys.value());
  } else {
    await server.expectAll([key, key.slice(0, -1), `${key}a`]);
  }
}

/** In the order of the keys, and around them. */
async function expectAllOf({server}: CheckContext, universe: readonly string[]): Promise<void> {
  const [stem = ''] = universe;
  await server.expectAll(universe.toSorted());
  await server.expectAll([stem.slice(0, -1), `${stem}c`]);
  await server.expectScan(stem, `${stem}c`);
}
