import {inAnyOrder, writeInAnyOrder} from '../any-order.ts';
import {backgroundWorkEnds} from '../background-work.ts';
import {recordsOf, type TableFile} from '../block-files.ts';
import type {Check, CheckContext} from '../check.ts';
import {Damage} from '../damage.ts';
import {type Excuse, readAllDamaged, startsDamaged} from '../damaged-reads.ts';
import {Inconclusive} from '../failure.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {SLACK_WRITES} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {isConcurrent, memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

/** Keys of the first memtable that have a newer entry in the second one; half of them a tombstone. */
const REWRITTEN = 1_200;
const DAMAGED_BLOCKS = 2;
const BLOCKS_MIN = 10;
/** Of keys that are not damaged: of those from before the damage, and of those from after it. */
const KEYS_READ = 300;
/** A server may write no more, since it cannot compact. It is not asked for ever. */
const REFUSALS_MAX = 30;
const VALUE_OFFSET = 64;

const RULE =
  'What a compaction cannot read it neither drops nor believes: an entry of a damaged block is answered with an error or not found, never with an older one, and all other entries stay.';
const DAMAGED: Excuse = {miss: true, error: true, rule: RULE};
/** A lookup may come across the damaged block on its way to an older SSTable. */
const OLDER: Excuse = {miss: false, error: true, rule: RULE};
const NEWER: Excuse = {miss: false, error: false, rule: RULE};

export const compactionDamage: Check = {
  id: 'compaction-damage',
  title: 'A compaction of damaged blocks',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'sstable',
  proves:
    'A compaction that comes across a damaged block brings no older value and no deleted key back, makes no wrong value a right one, and loses no key outside the block; the server goes on, also after a restart.',
  hints: {
    look: 'what your merge does when a block does not match its checksum: it should fail, and its inputs stay as they are',
    cause:
      'blocks that are skipped, or read without a look at the checksum because a compaction reads them, or an SSTable that is taken to end there',
    chapter: 'docs/weeks/06.md#damage',
  },
  cost: {requests: 12_000, writes: 10_100, restarts: 2},

  async run(context) {
    const {server} = context;
    const keys = new Keys(context.random);
    const file = await newerTable(context, keys);
    const damage = new Damage(server.control.dataDir, server.ledger);
    const damaged = await flipValues(context, damage, file);
    if (!(await startsDamaged(context))) {
      await damage.undo();
      await server.start();
      return readBack(context, keys, {keysMax: KEYS_READ});
    }
    const older = server.ledger.keys().filter((key) => !damaged.has(key));
    const newer = await writeUntilCompaction(context, keys);
    // A compaction in the background has to come across the damage first.
    if (isConcurrent(context.week)) await backgroundWorkEnds(context);
    await readAround(context, {damaged, older, newer});
    await server.restart();
    await readAround(context, {damaged, older, newer});
  },
};

/** Stops the server. @returns the SSTable with the newer entries of keys that an older one has */
async function newerTable(context: CheckContext, keys: Keys): Promise<TableFile> {
  const {server, random, week} = context;
  const {ledger} = server;
  const first = await fill(context, keys, memtableEntriesMax(week));
  const again = random.shuffled(first).slice(0, REWRITTEN);
  const writes = again.map((key, index): KeyWrite => [key, index % 2 === 0 ? keys.value() : null]);
  await writeInAnyOrder(server, writes);
  await fill(context, keys, ledger.settling.untilFlush + SLACK_WRITES);

  const rewritten = new Set(again);
  const newerIn = (file: TableFile) =>
    recordsOf(file).filter(
      ({key, value}) => rewritten.has(key) && ledger.permitted(key).includes(value),
    ).length;
  const isThere = (files: readonly TableFile[]) => files.some((file) => newerIn(file) > 0);
  const tables = await stoppedTables(context, isThere);
  const [file] = tables.toSorted((a, b) => newerIn(b) - newerIn(a));
  if (file !== undefined && newerIn(file) > 0 && file.table.blocks.length >= BLOCKS_MIN) {
    return file;
  }
  throw new Inconclusive('there is no SSTable with newer entries of keys that another one has');
}

/** Flips a bit of a value in some of the blocks. @returns all keys of those */
async function flipValues(
  {random}: CheckContext,
  damage: Damage,
  {path, table}: TableFile,
): Promise<ReadonlySet<string>> {
  const blocks = random
    .shuffled(table.blocks.map(({records}) => records))
    .filter((records) => records.some(({value}) => value !== null));
  const damaged = blocks.slice(0, DAMAGED_BLOCKS);
  for (const records of damaged) {
    const {offset} = random.pick(records.filter(({value}) => value !== null));
    await damage.flip(path, offset + VALUE_OFFSET, 0);
  }
  return new Set(damaged.flat().map(({key}) => key));
}

/**
 * New keys, until a compaction has had to read what is damaged. A write may be
 * refused: it, or the flush before it, waits for a compaction.
 * @returns the keys
 */
async function writeUntilCompaction(context: CheckContext, keys: Keys): Promise<string[]> {
  const {server, note, progress} = context;
  const {ledger} = server;
  const entries = keys.entries(ledger.settling.untilCompaction + SLACK_WRITES);
  progress(`writing ${entries.length} keys, up to a compaction`);
  let refusals = 0;
  await inAnyOrder(server, entries, async ([key, value]) => {
    if (refusals >= REFUSALS_MAX) return;
    const unanswered = () => ledger.wrote(key, value, 'unanswered');
    const answer = await server.send(server.writeRequest(key, value), unanswered);
    if (answer.status < 500) return server.wrote(key, value, answer);
    // It may have been stored all the same.
    unanswered();
    refusals += 1;
  });
  server.assertAlive();
  if (refusals > 0) note(`writes refused, as a compaction could not be done: ${refusals}`);
  return entries.map(([key]) => key).filter((key) => ledger.has(key));
}

interface Groups {
  /** In the damaged blocks. */
  readonly damaged: Iterable<string>;
  /** Written before, and in other blocks. */
  readonly older: readonly string[];
  /** Written since. */
  readonly newer: readonly string[];
}

async function readAround(context: CheckContext, groups: Groups): Promise<void> {
  const {random, progress} = context;
  progress('reading back, around the damaged blocks');
  const sample = (keys: readonly string[]) => random.shuffled(keys).slice(0, KEYS_READ);
  await readAllDamaged(context, groups.damaged, DAMAGED);
  await readAllDamaged(context, sample(groups.older), OLDER);
  await readAllDamaged(context, sample(groups.newer), NEWER);
}
