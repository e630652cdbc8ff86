import type {Random} from '@kv-workshop/fixtures/generate/random';
import {type BloomFile, isSet, mayHave, probesOf} from '../../formats/bloom-file.ts';
import {hexRows} from '../../formats/hex-rows.ts';
import {RULES} from '../../formats/problem.ts';
import {deletes, writeInAnyOrder} from '../any-order.ts';
import {checkTableFile, recordsOf, type TableFile} from '../block-files.ts';
import {readSidecars, type Sidecar, sidecarOf} from '../bloom-sidecars.ts';
import {broken, throwProblem} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys, letters} from '../keys.ts';
import {memtableEntriesAccepted, WEEK_LAST} from '../week-rules.ts';

const L0_TABLES_MAX = 5;
/** Absent keys of which each filter is asked. */
const ABSENT_KEYS = 5_000;
/** Of absent keys that may get through. */
const FALSE_POSITIVES_MAX = 0.01;
const SIGMAS = 4;

export const filesBloom: Check = {
  id: 'files-bloom',
  title: 'Bloom filters on disk',
  weekFirst: 7,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'bloom',
  proves:
    'Each SSTable, flushed or compacted, has its filter beside it, also after a restart; it denies none of its keys, tombstones included, and lets 1 % of others through at most.',
  hints: {
    look: 'the five bits of one key, beside the worked example of apple in the contract',
    cause:
      'hashes taken as signed or as 32 bits, tombstones left out, a compaction that writes no filter, or a start that removes filters as orphans',
    chapter: 'docs/weeks/07.md#two-hashes-are-enough',
  },
  cost: {requests: 12_100, writes: 12_100, restarts: 2},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const memtable = memtableEntriesAccepted(week);
    const first = await fill(context, keys, memtable + 50);
    await checkFilters(context, await stoppedTables(context));

    await server.start();
    await fill(context, keys, (L0_TABLES_MAX - 1) * memtable);
    await writeInAnyOrder(server, deletes(random.shuffled(first).slice(0, 200)));
    await fill(context, keys, memtable - 200);
    await checkFilters(context, await stoppedTables(context));

    await server.start();
    const tables = await stoppedTables(context);
    await checkFilters(context, tables);
    context.note(await measured(context, tables));
  },
};

async function checkFilters(context: CheckContext, tables: readonly TableFile[]): Promise<void> {
  const sidecars = await readSidecars(context);
  for (const {path, bytes, filter} of sidecars) throwProblem(path, bytes, filter.problems);
  for (const table of tables) {
    checkTableFile(table);
    const sidecar = sidecarOf(sidecars, table);
    if (sidecar === undefined) throw broken(table.path, 'it has no Bloom filter', SIDECAR_RULE);
    for (const {key, value} of recordsOf(table)) {
      if (!mayHave(sidecar.filter, key)) throw denies(sidecar, table, key, value === null);
    }
    checkFalsePositives(context.random, sidecar, table);
  }
}

const SIDECAR_RULE = 'Beside each SSTable there is a file with its Bloom filter.';
const RATE_RULE = 'At most 1 % of absent keys get through a Bloom filter.';

function denies(
  {path, bytes, filter}: Sidecar,
  table: TableFile,
  key: string,
  isTombstone: boolean,
): CheckFailure {
  const bits = probesOf(filter, key);
  const missing = bits.find((bit) => !isSet(filter.bits, bit)) ?? 0;
  const byte = missing >> 3;
  const mask = `0x${(1 << (missing & 7)).toString(16).padStart(2, '0')}`;
  return new CheckFailure({
    summary: `${path} denies ${key}, which ${table.path} has${isTombstone ? ' as a tombstone' : ''}`,
    expected: `the bits ${bits.join(', ')}`,
    got: `bit ${missing} is not set: byte ${byte}, mask ${mask}`,
    details: [`${path}, around byte ${byte}:`, ...hexRows(bytes, byte)],
    invariant: RULES['filter-denies'],
  });
}

function checkFalsePositives(random: Random, sidecar: Sidecar, table: TableFile): void {
  const passed = passedBy(random, sidecar.filter);
  const deviation = Math.sqrt(ABSENT_KEYS * FALSE_POSITIVES_MAX * (1 - FALSE_POSITIVES_MAX));
  if (passed <= ABSENT_KEYS * FALSE_POSITIVES_MAX + SIGMAS * deviation) return;
  const percent = ((100 * passed) / ABSENT_KEYS).toFixed(2);
  const {bitsSet} = sidecar.filter;
  const size = `${recordsOf(table).length} keys have set ${bitsSet} of 19,968 bits`;
  throw broken(sidecar.path, `${percent} % of absent keys get through: ${size}`, RATE_RULE);
}

/** How many of ABSENT_KEYS keys that nobody has written get through. */
function passedBy(random: Random, filter: BloomFile): number {
  let passed = 0;
  for (let count = 0; count < ABSENT_KEYS; count++) {
    if (mayHave(filter, letters(random, 24))) passed += 1;
  }
  return passed;
}

async function measured(context: CheckContext, tables: readonly TableFile[]): Promise<string> {
  const sidecars = await readSidecars(context);
  const filters = tables.flatMap((table) => sidecarOf(sidecars, table)?.filter ?? []);
  const passed = filters.reduce((sum, filter) => sum + passedBy(context.random, filter), 0);
  const percent = ((100 * passed) / (filters.length * ABSENT_KEYS)).toFixed(2);
  return `${filters.length} filters, ${percent} % of absent keys get through`;
}
