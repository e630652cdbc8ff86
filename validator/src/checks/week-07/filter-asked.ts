import type {Random} from '@kv-workshop/fixtures/generate/random';
import type {DataBlock} from '../../formats/block-table.ts';
import type {Check, CheckContext} from '../check.ts';
import {Damage} from '../damage.ts';
import {readAllDamaged, startsDamaged} from '../damaged-reads.ts';
import {CheckFailure, Inconclusive} from '../failure.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys, letters} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

const BLOCKS_MIN = 8;
const PRESENT_READ = 40;
const ABSENT_READ = 400;
/** 0.87 % get through; without a filter all do. */
const PASSED_MAX = 0.1;

export const filterAsked: Check = {
  id: 'filter-asked',
  title: 'The filter is asked first',
  weekFirst: 7,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'sstable',
  proves:
    'A lookup of an absent key reads no block of an SSTable, but for one in a hundred: damaged blocks do not get in its way.',
  hints: {
    look: 'the lookup of a key in an SSTable: the filter is asked before the index, also after a restart',
    cause: 'a filter that is built and stored, and never asked, or not loaded by a start',
    chapter: 'docs/weeks/07.md#the-bloom-filter',
  },
  cost: {requests: 2_750, writes: 2_050, restarts: 1},

  async run(context) {
    const {server, random, note} = context;
    await fill(context, new Keys(random), 2_050);
    const tables = await stoppedTables(context);
    const file = tables.find(({table}) => table.blocks.length >= BLOCKS_MIN);
    if (file === undefined) throw new Inconclusive('there is no SSTable with several blocks');
    const {blocks} = file.table;
    const damaged = blocks.filter((_, number) => number % 2 === 1);
    const whole = blocks.filter((_, number) => number % 2 === 0);

    const damage = new Damage(server.control.dataDir, server.ledger);
    for (const {offset} of damaged) await damage.flip(file.path, offset + 20, 0);
    if (!(await startsDamaged(context))) return;
    const why = await whyNotSeen(context, damaged, whole);
    if (why === undefined) await expectFiltered(context, damaged);
    else note(`whether the filter is asked cannot be seen: ${why}`);
  },
};

/** Only errors tell which blocks a lookup reads. */
async function whyNotSeen(
  context: CheckContext,
  damaged: readonly DataBlock[],
  whole: readonly DataBlock[],
): Promise<string | undefined> {
  const {random} = context;
  const present = random.shuffled(damaged.flatMap(({records}) => records)).slice(0, PRESENT_READ);
  const keys = present.map(({key}) => key);
  const {error} = await readAllDamaged(context, keys, {miss: true, error: true});
  if (error < PRESENT_READ / 2) return 'damaged blocks are not answered with an error';
  const elsewhere = absentKeys(random, whole, PRESENT_READ);
  const others = await readAllDamaged(context, elsewhere, {miss: false, error: true});
  return others.error > PRESENT_READ / 4
    ? 'the whole SSTable is answered with errors, not only its damaged blocks'
    : undefined;
}

async function expectFiltered(context: CheckContext, damaged: readonly DataBlock[]): Promise<void> {
  const absent = absentKeys(context.random, damaged, ABSENT_READ);
  const {error} = await readAllDamaged(context, absent, {miss: false, error: true});
  const percent = ((100 * error) / ABSENT_READ).toFixed(1);
  if (error <= PASSED_MAX * ABSENT_READ) {
    context.note(`of ${ABSENT_READ} absent keys, ${percent} % were looked for in the SSTable`);
    return;
  }
  throw new CheckFailure({
    summary: `${percent} % of absent keys were looked for in the SSTable`,
    expected: `404 for nearly all of ${ABSENT_READ} absent keys, whose blocks are damaged: the filter denies them`,
    got: `${error} times 5xx: the damaged block was read`,
    life: context.server.ledger.events().slice(-4),
    invariant: 'An SSTable is read only if its Bloom filter says that the key may be there.',
  });
}

/** Keys that would be in these blocks: right behind keys that are. */
function absentKeys(random: Random, blocks: readonly DataBlock[], count: number): string[] {
  return Array.from({length: count}, () => {
    const {records} = random.pick(blocks.filter((block) => block.records.length > 1));
    // Not behind the last one, which another block may follow.
    const {key} = random.pick(records.slice(0, -1));
    return `${key}${letters(random, 12)}`.slice(-64);
  });
}
