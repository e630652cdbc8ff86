import {probesOf} from '../../formats/bloom-file.ts';
import {expectInAnyOrder} from '../any-order.ts';
import {recordsOf, type TableFile} from '../block-files.ts';
import {readSidecars, type Sidecar, sidecarOf} from '../bloom-sidecars.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {Damage} from '../damage.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

const KEYS_READ = 120;
const FILTER_BYTES = 2_496;

export const filterDamage: Check = {
  id: 'filter-damage',
  title: 'Damaged Bloom filters',
  weekFirst: 7,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'bloom',
  proves:
    'A filter that is missing, cut short or (with a checksum) damaged is made anew: no key is lost by it, and the server starts.',
  hints: {
    look: 'what your start does with a sidecar that is not there, too short, or does not match its checksum',
    cause:
      'a filter that is empty where its file could not be read, or a checksum that is stored and never compared',
    chapter: 'docs/weeks/07.md#the-life-of-a-filter',
  },
  cost: {requests: 2_900, writes: 2_050, restarts: 7},

  async run(context) {
    const keys = new Keys(context.random);
    await fill(context, keys, 2_050);
    const tables = await stoppedTables(context);
    const table = tables.toSorted((a, b) => b.bytes.length - a.bytes.length)[0];
    const sidecar = table && sidecarOf(await readSidecars(context), table);
    if (table === undefined || sidecar === undefined) {
      throw broken('the data folder', 'there is no Bloom filter', RULE);
    }
    const isSealed = sidecar.filter.checksum === 'right';
    if (!isSealed) context.note('it has no checksum, so no bit of it was changed');
    for (const damage of isSealed ? [...VISIBLE, ...SEALED] : VISIBLE) {
      await probe(context, table, sidecar, damage);
    }
    await context.server.start();
    await expectInAnyOrder(context.server, keys.drawn());
  },
};

const RULE =
  'A Bloom filter is rebuilt where it is missing or damaged; it never hides a key of its SSTable.';

/** @param key one that is in the SSTable */
type Probe = (damage: Damage, sidecar: Sidecar, key: string) => Promise<void>;

/** Damage that can be seen without a checksum. */
const VISIBLE: readonly Probe[] = [
  async (damage, {path}) => {
    await damage.remove(path);
    const stray = (attempt: number) => path.replace(/[0-9]*(\.[^.]*)$/, `${9999 + attempt}$1`);
    await damage.add(stray, new Uint8Array(FILTER_BYTES), 'a filter of no SSTable');
  },
  (damage, {path}) => damage.cut(path, 0),
  (damage, {path}) => damage.cut(path, FILTER_BYTES / 2),
];

/** Damage of a file of the right size. */
const SEALED: readonly Probe[] = [
  async (damage, {path, filter}, key) => {
    const [bit = 0] = probesOf(filter, key);
    await damage.flip(path, bit >> 3, bit & 7);
  },
  (damage, {path}) => damage.zero(path, 0, FILTER_BYTES),
  // A checksum of zeros may be zero.
  (damage, {path, bytes}) => damage.zero(path, 0, bytes.length),
];

async function probe(
  context: CheckContext,
  table: TableFile,
  sidecar: Sidecar,
  what: Probe,
): Promise<void> {
  const {server, random} = context;
  const damage = new Damage(server.control.dataDir, server.ledger);
  const sample = random.shuffled(recordsOf(table).map(({key}) => key)).slice(0, KEYS_READ);
  await what(damage, sidecar, sample[0] ?? '');
  await server.start();
  try {
    await expectInAnyOrder(server, sample);
  } catch (error) {
    if (!(error instanceof CheckFailure) || error.failure.brokenDown !== undefined) throw error;
    throw new CheckFailure({...error.failure, invariant: RULE});
  }
  await server.stop();
  await damage.undo();
}
