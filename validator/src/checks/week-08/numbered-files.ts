import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {expectInAnyOrder} from '../any-order.ts';
import {backgroundWorkEnds, fileVanishes} from '../background-work.ts';
import type {Check, CheckContext} from '../check.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {type Leftovers, putBack, readLeftovers, renumber} from '../leftovers.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {WEEK_LAST} from '../week-rules.ts';

const WRITERS = 16;
/** Keys that get new values again and again. */
const KEYS = 60;
const KEYS_READ = 300;
const FLUSHES_MAX = 3;
/** A server may keep its logs for as long as it likes. */
const REMOVAL_MS_MAX = 3_000;

export const numberedFiles: Check = {
  id: 'numbered-files',
  title: 'Files go by their numbers',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'manifest',
  proves:
    'A log below [WAL] and an older MANIFEST, as a crash leaves them, are passed over; MANIFEST-10 counts and not MANIFEST-9; wal-10 is replayed after wal-9.',
  hints: {
    look: 'how your start picks one MANIFEST of several, which logs it replays, and in which order',
    cause:
      'numbers compared as text (10 before 9), logs in the order of the folder, or every log replayed that is there',
    chapter: 'docs/weeks/08.md#starting-again',
  },
  cost: {requests: 3_400, writes: 2_300, restarts: 4},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    const rewritten = keys.keys(KEYS);
    await server.writeAll(newValues(context, keys, rewritten));
    await server.kill();
    const old = await readLeftovers(context);
    await server.start();

    await flushUntilRemoved(context, {keys, rewritten, old});
    await server.start();
    await readAll(context, keys, rewritten);

    await renumbered(context, {keys, rewritten, old});
  },
};

interface Rewritten {
  readonly keys: Keys;
  readonly rewritten: readonly string[];
  readonly old: Leftovers;
}

/**
 * New values of the keys, flushed, and what the flush has removed put back. On a
 * busy machine a crash may still come before the removal. The server is down afterwards.
 */
async function flushUntilRemoved(
  context: CheckContext,
  {keys, rewritten, old}: Rewritten,
): Promise<void> {
  const {server, note} = context;
  for (let flush = 1; flush <= FLUSHES_MAX; flush++) {
    if (flush > 1) await server.start();
    await server.writeAll(newValues(context, keys, rewritten));
    await writeUntilRemoved(context, keys, old);
    await server.kill();
    if (await putBack(context, old)) return;
  }
  note('no flush removed the log and the MANIFEST before it, so none was put back');
}

/** Fills the memtable, and waits for what its flush does last. */
async function writeUntilRemoved(
  context: CheckContext,
  keys: Keys,
  {logs}: Leftovers,
): Promise<void> {
  const {server} = context;
  let deadline = Number.POSITIVE_INFINITY;
  const isOver = () => performance.now() > deadline;
  const removed = fileVanishes(
    context,
    isOver,
    logs.map(({path}) => join(server.control.dataDir, path)),
  );
  const {untilFlush} = server.ledger.settling;
  await writeSideBySide(server, mixedWrites(context, keys, untilFlush), WRITERS);
  deadline = performance.now() + REMOVAL_MS_MAX;
  await removed;
  await backgroundWorkEnds(context);
}

/** Two logs with the same keys, the first of them wal-9 or wal-99; and MANIFEST-10 beside MANIFEST-9. */
async function renumbered(context: CheckContext, {keys, rewritten, old}: Rewritten): Promise<void> {
  const {server} = context;
  await server.writeAll(newValues(context, keys, rewritten));
  await server.writeAll(newValues(context, keys, rewritten));
  await server.kill();
  await renumber(context, {recordsInLast: KEYS, old});
  await server.start();
  await readAll(context, keys, rewritten);
  await server.killAndStart();
  await readAll(context, keys, rewritten);
}

/** Some of them DELETEs, each time of other keys. */
function newValues({random}: CheckContext, keys: Keys, rewritten: readonly string[]): KeyWrite[] {
  return rewritten.map((key) => [key, random.chance(20) ? null : keys.value()]);
}

async function readAll(
  context: CheckContext,
  keys: Keys,
  rewritten: readonly string[],
): Promise<void> {
  await expectInAnyOrder(context.server, rewritten);
  await readBack(context, keys, {keysMax: KEYS_READ, absent: 10});
}
