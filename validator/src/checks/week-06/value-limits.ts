import type {Random} from '@kv-workshop/fixtures/generate/random';
import type {Check, CheckContext} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {Keys, letters} from '../keys.ts';
import {showAnswer, showRequest} from '../show-value.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const LENGTH_MAX = 64;
const TOO_LONG = [65, 66, 127, 128, 129, 4_096, 65_536];

export const valueLimits: Check = {
  id: 'value-limits',
  title: 'Values of 1 to 64 bytes',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A value of 1 to 64 bytes comes back whole, also with a key of 64 letters; a longer or empty one is refused, or kept as it is.',
  hints: {
    look: 'what your PUT does with a body of 64, of 65 and of 0 bytes',
    cause:
      'a value cut to the 64 bytes of its field, or an empty one that the field cannot tell from a tombstone',
    chapter: 'docs/weeks/06.md#thresholds-and-limits',
  },
  cost: {requests: 260, writes: 140, restarts: 0},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    for (let length = 1; length <= LENGTH_MAX; length++) {
      await server.put(keys.key(), text(random, length));
      await server.put(letters(random, LENGTH_MAX), text(random, length));
    }
    await server.expectAll(server.ledger.keys());

    const taken = new Set<number>();
    for (const length of [...TOO_LONG, 0]) {
      if (await takes(context, keys.key(), text(random, length))) taken.add(length);
    }
    // One of the refused is a value of a key that has one: that one stays.
    const [first = ''] = server.ledger.keys();
    if (await takes(context, first, text(random, LENGTH_MAX + 1))) taken.add(LENGTH_MAX + 1);
    await server.expectAll(server.ledger.keys());
    if (taken.size > 0) await expectKept(context, keys, taken);
  },
};

/** Printable, with spaces at its ends now and then, which padding must not take with it. */
function text(random: Random, length: number): string {
  return Array.from({length}, () => (random.below(4) === 0 ? ' ' : letters(random, 1))).join('');
}

/**
 * Whether a value beyond the limits is acknowledged. On a connection of its own,
 * which the server may close.
 * @throws CheckFailure if it is neither acknowledged nor refused
 */
async function takes({server, note}: CheckContext, key: string, value: string): Promise<boolean> {
  const request = server.dialect.put(key, value);
  server.disconnect();
  const outcome = await server.exchange(server.connect(), request);
  server.disconnect();
  if (outcome.kind === 'lost') {
    const failure = await server.diagnosed(request, outcome.failure);
    if (outcome.failure.kind !== 'connection-closed' || !server.isAlive) throw failure;
    note(`a value of ${value.length} bytes: the connection was closed without an answer`);
    server.ledger.wrote(key, value, 'unanswered');
    return false;
  }
  if (outcome.status < 300) {
    server.ledger.wrote(key, value, 'acknowledged');
    return true;
  }
  if (outcome.status < 500) return false;
  throw new CheckFailure({
    summary: `a value of ${value.length} bytes was answered with ${outcome.status}`,
    request: showRequest(request),
    expected: '413, or any other 4xx',
    got: showAnswer(outcome),
    invariant: '4xx says that the request was wrong; 5xx says that the server has failed.',
  });
}

/** What was acknowledged must be kept, also in an SSTable. */
async function expectKept(
  context: CheckContext,
  keys: Keys,
  taken: ReadonlySet<number>,
): Promise<void> {
  const {server, week, note} = context;
  note(`takes values of ${Array.from(taken).join(', ')} bytes`);
  const written = server.ledger.keys();
  await fill(context, keys, memtableEntriesMax(week) + 100);
  await server.expectAll(written);
}
