import type {Check, CheckContext} from '../check.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {WEEK_LAST} from '../week-rules.ts';

const KEYS = 40;
const WRITES = 160;

export const deleteBasics: Check = {
  id: 'delete-basics',
  title: 'DELETE',
  weekFirst: 4,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A deleted key is answered with 404, a PUT brings it back, a DELETE of an absent key does no harm, and no other key is touched.',
  hints: {
    look: 'what your DELETE does to the memtable, and what a GET answers that finds a tombstone there',
    cause:
      'a tombstone answered with 200 and an empty body, a PUT that does not overwrite a tombstone, or an absent key that DELETE does not expect',
    chapter: 'docs/weeks/04.md#a-delete-is-a-write',
  },
  cost: {requests: 650, writes: 190, restarts: 0},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    await liveTwice(context, keys);
    await deleteAbsent(context, keys);
    await deleteNeighbours(context, keys);

    const pool = keys.keys(KEYS);
    for (let write = 0; write < WRITES; write++) {
      const key = random.pick(pool);
      const next: KeyWrite = [key, random.below(2) === 0 ? null : keys.value()];
      await server.writeAll([next]);
      await server.expectAll([key, random.pick(pool)]);
    }
    await server.expectAll(pool);
  },
};

/** One key through 404, PUT, GET, DELETE, DELETE, PUT, with the same value again at the end. */
async function liveTwice({server}: CheckContext, keys: Keys): Promise<void> {
  const [key, value] = [keys.key(), keys.value()];
  const life = [value, null, keys.value(), keys.value(), null, null, value];
  await server.expect(key);
  for (const next of life) {
    await server.writeAll([[key, next]]);
    // Twice: a cache may answer the second one.
    await server.expectAll([key, key]);
  }
}

async function deleteAbsent({server}: CheckContext, keys: Keys): Promise<void> {
  for (const key of keys.keys(5)) {
    await server.delete(key);
    await server.expect(key);
    await server.put(key, keys.value());
    await server.expect(key);
  }
}

/** Keys of which one begins with the other stay apart. */
async function deleteNeighbours({server}: CheckContext, keys: Keys): Promise<void> {
  const key = keys.key();
  const neighbours = [key.slice(0, -1), key, `${key}a`, `a${key}`.slice(0, 64)];
  await server.putAll(keys.rewritten(neighbours));
  await server.delete(key);
  await server.expectAll(neighbours);
  await server.delete(`${key}a`);
  await server.expectAll(neighbours);
}
