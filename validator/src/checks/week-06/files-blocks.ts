import {baseName} from '../base-name.ts';
import {
  checkTableFile,
  type Listing,
  readListing,
  recordsOf,
  type TableFile,
} from '../block-files.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {fill} from '../fill.ts';
import {FLUSH_RULE, stoppedTables} from '../flushed-tables.ts';
import {Keys} from '../keys.ts';
import type {Value} from '../ledger.ts';
import {quote} from '../show-value.ts';
import {memtableEntriesAccepted, memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const L0_TABLES_MAX = 5;

export const filesBlocks: Check = {
  id: 'files-blocks',
  title: 'SSTables of blocks on disk',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'sstable',
  proves:
    'Flushed and compacted SSTables have the format of the contract: index, blocks, padding, order, checksums, tombstones; MANIFEST lists them.',
  hints: {
    look: 'the bytes of an SSTable in l0 and of one in l1, beside the drawing in the contract',
    cause:
      'a checksum of other bytes or of another kind, a first key that is not the one of its block, or bytes left over from an earlier block',
    chapter: 'docs/weeks/06.md#the-data-block',
  },
  cost: {requests: 12_100, writes: 12_100, restarts: 1},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const first = await fill(context, keys, memtableEntriesAccepted(week) + 50);
    checkFormat(context, await stoppedTables(context));

    await server.start();
    // In the week of the format also what a compaction writes; later others look at that.
    if (week === 6) await fillUntilCompaction(context, keys, first);
    const touched = random.shuffled(first).slice(0, 200);
    const deleted = touched.slice(0, 100);
    await server.deleteAll(deleted);
    await server.putAll(keys.rewritten(touched.slice(100)));
    await fill(context, keys, memtableEntriesAccepted(week) - touched.length);
    const isDone = (files: readonly TableFile[]) => missingTombstone(files, deleted) === undefined;
    const tables = await stoppedTables(context, isDone);
    checkFormat(context, tables);
    const flushed = first.slice(0, memtableEntriesMax(week));
    checkFlushed(
      tables,
      flushed.filter((key) => !deleted.includes(key)),
    );
    checkTombstones(tables, deleted);
    noteChecksums(context, tables);
    if (context.environment.files.has('manifest')) {
      checkListed(await readListing(context), tables, week);
    } else {
      context.note('MANIFEST is not claimed, so only the SSTables were read');
    }
  },
};

/** Some keys are written again, so that not all blocks and SSTables of L1 are full. */
async function fillUntilCompaction(
  context: CheckContext,
  keys: Keys,
  written: readonly string[],
): Promise<void> {
  const again = written.slice(0, 150);
  await context.server.putAll(keys.rewritten(again));
  await fill(
    context,
    keys,
    (L0_TABLES_MAX - 1) * memtableEntriesAccepted(context.week) - again.length,
  );
}

const LIST_RULE = 'MANIFEST lists exactly the SSTables that there are, with their key ranges.';
const CONTENT_RULE = 'An SSTable has what was written, and nothing else.';

function checkFormat(context: CheckContext, tables: readonly TableFile[]): void {
  for (const table of tables) checkTableFile(table);
  checkContent(context, tables);
}

function checkContent({server}: CheckContext, tables: readonly TableFile[]): void {
  const written = new Set(server.ledger.writes().map(({key, value}) => idOf(key, value)));
  for (const file of tables) {
    for (const {key, value, offset} of recordsOf(file)) {
      if (written.has(idOf(key, value))) continue;
      const what = value === null ? 'is deleted' : `has the value ${quote(value)}`;
      const problem = `at byte ${offset}, ${quote(key)} ${what}, which was never written`;
      throw broken(file.path, problem, CONTENT_RULE);
    }
  }
}

/** A tombstone is not the value `null`. */
function idOf(key: string, value: Value): string {
  return value === null ? key : `${key} ${value}`;
}

function checkFlushed(tables: readonly TableFile[], flushed: readonly string[]): void {
  const present = new Set(tables.flatMap(recordsOf).map(({key}) => key));
  const missing = flushed.find((key) => !present.has(key));
  if (missing === undefined) return;
  throw broken('the data folder', `${missing} is in no SSTable, after a flush`, FLUSH_RULE);
}

function checkTombstones(tables: readonly TableFile[], deleted: readonly string[]): void {
  const missing = missingTombstone(tables, deleted);
  if (missing === undefined) return;
  const problem = `${missing} was deleted and flushed: its value is still there, and no tombstone`;
  throw broken(
    'the data folder',
    problem,
    'A tombstone is an entry with a value of 64 zero bytes.',
  );
}

/** A deleted key that still has a value somewhere; one that has nothing at all was compacted. */
function missingTombstone(tables: readonly TableFile[], deleted: readonly string[]) {
  const values = new Set<string>();
  const tombstones = new Set<string>();
  for (const {key, value} of tables.flatMap(recordsOf)) {
    (value === null ? tombstones : values).add(key);
  }
  return deleted.find((key) => values.has(key) && !tombstones.has(key));
}

function noteChecksums({note}: CheckContext, tables: readonly TableFile[]): void {
  const [form] = tables.map(({table}) => table.crcForm).filter((each) => each !== undefined);
  if (form !== undefined) note(`checksums are ${form.variant.name}, ${form.byteOrder}`);
  const isUnclaimed = tables.every(({table}) => table.indexChecksum === 'none');
  if (isUnclaimed) note('the index pages have no checksum: that is accepted');
}

function checkListed({path, manifest}: Listing, tables: readonly TableFile[], week: number): void {
  const listed = new Map(manifest.tables.map((table) => [baseName(table.name), table]));
  const present = new Map(tables.map((file) => [baseName(file.path), file]));
  const missing = Array.from(listed.keys()).find((name) => !present.has(name));
  if (missing !== undefined)
    throw broken(path, `it lists ${missing}, which is not there`, LIST_RULE);
  for (const [name, file] of present) {
    const line = listed.get(name);
    if (line === undefined) {
      // What nothing uses any more may be removed later, in the background.
      if (week === WEEK_LAST) continue;
      throw broken(path, `it does not list ${name}, which is there`, LIST_RULE);
    }
    const keys = recordsOf(file).map(({key}) => key);
    const [min = '', max = ''] = [keys[0], keys.at(-1)];
    if (line.range === undefined || (line.range.first <= min && max <= line.range.last)) continue;
    const {first, last} = line.range;
    throw broken(path, `${name} has keys from ${min} to ${max}, not ${first}-${last}`, LIST_RULE);
  }
}
