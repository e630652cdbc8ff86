import type {Check} from '../check.ts';
import {Keys} from '../keys.ts';
import {LAST_KEY, randomRanges} from '../ranges.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const scanBasics: Check = {
  id: 'scan-basics',
  title: 'SCAN',
  weekFirst: 5,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A scan answers the keys from its start up to, but not including, its end: sorted, each once, deleted ones left out, re-created ones among them; of an empty range none.',
  hints: {
    look: 'how your scan treats the two ends of its range, and what it does with a tombstone in the memtable',
    cause:
      'an end that is included, keys in the order of a hash table, an empty range answered with 404, or a key that stays hidden once it was deleted',
    chapter: 'docs/weeks/05.md#scans',
  },
  cost: {requests: 240, writes: 130, restarts: 0},

  async run({server, random}) {
    const keys = new Keys(random);
    await server.expectScan('a', LAST_KEY);

    // Keys that begin with one another, and their neighbours.
    const stem = keys.key();
    const family = [stem, `${stem}a`, `${stem}aa`, `${stem}b`, `${stem}z`, stem.slice(0, -1)];
    await server.putAll(keys.rewritten(random.shuffled(family)));
    for (const start of family) {
      for (const end of family) if (start <= end) await server.expectScan(start, end);
    }

    const pool = [...family, ...keys.keys(60)];
    await server.putAll(keys.rewritten(random.shuffled(pool)));
    const deleted = random.shuffled(pool).slice(0, 30);
    await server.deleteAll(deleted);
    await server.putAll(keys.rewritten(deleted.slice(0, 12)));
    await server.deleteAll([...deleted.slice(0, 4), keys.key()]);
    await server.expectScan('a', LAST_KEY);
    for (const [start, end] of randomRanges(random, pool, 40)) await server.expectScan(start, end);

    // Nothing is left between two neighbours, before the first and behind the last key.
    const present = server.ledger.present('a', LAST_KEY).map(({key}) => key);
    const [first = 'a', second = 'a'] = present;
    await server.expectScan(`${first}a`, second);
    await server.expectScan('a', first);
    await server.expectScan(`${present.at(-1)}a`, LAST_KEY);
    await server.expectScan(first, first);
  },
};
