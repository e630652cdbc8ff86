import {expectInAnyOrder} from '../any-order.ts';
import {recordsOf, type TableFile} from '../block-files.ts';
import type {Check, CheckContext} from '../check.ts';
import {Damage} from '../damage.ts';
import {type Excuse, readAllDamaged, startsDamaged} from '../damaged-reads.ts';
import {Inconclusive} from '../failure.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

const PAGE_BYTES = 4096;
/** Of undamaged blocks: enough to see a table that is gone as a whole. */
const OTHERS_READ = 150;

export const blockDamage: Check = {
  id: 'block-damage',
  title: 'Damaged blocks',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'sstable',
  proves:
    'A flipped bit, a block of zeros and a file cut short are answered with an error or not found, never with a wrong value; other blocks are read as before.',
  hints: {
    look: 'what your lookup does between reading a block and searching it',
    cause:
      'a checksum that is written but never compared, counts that are trusted before it is, or an error that ends the server',
    chapter: 'docs/weeks/06.md#damage',
  },
  cost: {requests: 3_600, writes: 2_050, restarts: 5},

  async run(context) {
    const keys = new Keys(context.random);
    await fill(context, keys, 2_050);
    const tables = await stoppedTables(context);
    const file = tables.find(({table}) => table.blocks.length >= BLOCKS_MIN);
    if (file === undefined) throw new Inconclusive('there is no SSTable with several blocks');
    await probe(context, file, flipBits);
    if (file.table.indexChecksum === 'none') {
      context.note('the index page has no checksum, so it was not damaged');
    } else {
      await probe(context, file, flipIndex);
    }
    await probe(context, file, cutFile);

    await context.server.start();
    await expectInAnyOrder(context.server, keys.drawn());
  },
};

const BLOCKS_MIN = 8;

/** Damages a file. @returns the blocks that it is about, by their number */
type Probe = (damage: Damage, file: TableFile, context: CheckContext) => Promise<Set<number>>;

/** Starts the server on a damaged file, reads what is in it, and puts the file back. */
async function probe(context: CheckContext, file: TableFile, what: Probe): Promise<void> {
  const {server, random, progress} = context;
  const damage = new Damage(server.control.dataDir, server.ledger);
  const damaged = await what(damage, file, context);
  progress(`reading damaged blocks of ${file.path}`);
  if (await startsDamaged(context)) {
    const inBlocks = file.table.blocks.map(({records}) => records.map(({key}) => key));
    const lost = inBlocks.filter((_, block) => damaged.has(block)).flat();
    const others = inBlocks.filter((_, block) => !damaged.has(block)).flat();
    await readAllDamaged(context, lost, {miss: true, error: true});
    await readAllDamaged(context, random.shuffled(others).slice(0, OTHERS_READ), WHOLE);
    await readAllDamaged(context, absentKeys(file), {miss: true, error: true});
    await server.stop();
  }
  await damage.undo();
}

/** The block is whole: a server that does not trust the file any more says so. */
const WHOLE: Excuse = {miss: false, error: true};

/** In a block each: a value, a key, the count, the checksum, and all of a block. */
const flipBits: Probe = async (damage, {path, table}, {random}) => {
  const numbers = Array.from(table.blocks.keys()).filter(
    (block) => (table.blocks[block]?.records.length ?? 0) > 0,
  );
  const [value = 0, key = 0, count = 0, checksum = 0, zeros = 0] = random.shuffled(numbers);
  const at = (block: number) => table.blocks[block]?.offset ?? 0;
  const record = (block: number) => random.pick(table.blocks[block]?.records ?? []);
  await damage.flip(path, record(value).offset + 64, 0);
  // Of the first byte of a letter: the key is another one, out of order.
  await damage.flip(path, record(key).offset, 1);
  await damage.flip(path, at(count) + 8, 5);
  await damage.flip(path, at(checksum) + random.below(8), random.below(8));
  await damage.zero(path, at(zeros), at(zeros) + PAGE_BYTES);
  return new Set([value, key, count, checksum, zeros]);
};

/** The first key of one block, in the index: which blocks are found by it, nobody knows. */
const flipIndex: Probe = async (damage, {path, table}, {random}) => {
  const block = 1 + random.below(table.blocks.length - 2);
  await damage.flip(path, 64 + 64 * block, 1);
  return new Set(table.blocks.keys());
};

/** In the middle of a block; what follows is gone. */
const cutFile: Probe = async (damage, {path, table}, {random}) => {
  const block = 2 + random.below(table.blocks.length - 4);
  await damage.cut(path, (table.blocks[block]?.offset ?? 0) + 1 + random.below(PAGE_BYTES - 1));
  return new Set(Array.from(table.blocks.keys()).filter((each) => each >= block));
};

/** Next to keys of the file, and not in it. */
function absentKeys(file: TableFile): string[] {
  const present = new Set(recordsOf(file).map(({key}) => key));
  const near = file.table.blocks.flatMap(({records}) => records[0]?.key ?? []);
  return near.map((key) => `${key}q`.slice(-64)).filter((key) => !present.has(key));
}
