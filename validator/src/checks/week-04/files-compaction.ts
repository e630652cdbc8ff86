import {writeInAnyOrder} from '../any-order.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {readLogFile, readManifest, readSSTables} from '../claimed-files.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import type {KeyWrite} from '../ledger.ts';
import {mixedWrites, SLACK_WRITES} from '../mixed-writes.ts';
import {checkListed, checkTables, type Tables} from '../sstable-rules.ts';
import {memtableEntriesMax} from '../week-rules.ts';

const ONCE_RULE =
  'A compaction merges all SSTables: afterwards each key occurs once in all of them, and no tombstone is left.';
const TOMBSTONE_RULE =
  'A flush writes tombstones too: {"key":"…","deleted":true}, for older SSTables may have a value of the key.';

export const filesCompaction: Check = {
  id: 'files-compaction',
  title: 'Compactions and deletes on disk',
  weekFirst: 4,
  weekLast: 4,
  needs: 'files',
  claims: 'sstable',
  proves:
    'A compaction leaves each key once, no tombstone and no file that MANIFEST does not list; a delete is a record of the log, and a tombstone in the next SSTable.',
  hints: {
    look: 'the folder after 10,000 updates: which files are there, which of them does MANIFEST list, how often does a key occur?',
    cause:
      'updates that are not counted as the PUTs and DELETEs since the start, old files that stay, or a compaction that leaves out some of the SSTables',
    chapter: 'docs/weeks/04.md#when-to-compact',
  },
  cost: {requests: 12_200, writes: 12_200, restarts: 2},

  async run(context) {
    const keys = new Keys(context.random);
    const compacted = await compact(context, keys);
    await context.server.stop();
    const tables = await readTables(context);
    checkCompacted(tables);
    const lost = compacted.find((key) => tablesWith(tables, key).length === 0);
    if (lost !== undefined) throw broken('the data folder', `${lost} is in no SSTable`, ONCE_RULE);

    await context.server.start();
    await checkDeletes(context, keys, compacted);
  },
};

/**
 * The last memtable before the compaction has new keys only: whether all of it
 * takes part or some is flushed a few writes later, each key is there once.
 * @returns keys that took part, and that were not deleted
 */
async function compact(context: CheckContext, keys: Keys): Promise<string[]> {
  const {server, week} = context;
  const {ledger} = server;
  const entries = memtableEntriesMax(week);
  while (ledger.settling.untilCompaction > entries) {
    context.progress(`${ledger.settling.untilCompaction} writes before a compaction`);
    await writeInAnyOrder(server, mixedWrites(context, keys, entries));
  }
  const compacted = ledger.keys().filter((key) => !ledger.permitted(key).includes(null));
  await fill(context, keys, entries + SLACK_WRITES);
  return compacted;
}

async function readTables(context: CheckContext): Promise<Tables> {
  const tables = await readSSTables(context);
  checkTables(context, tables);
  if (!context.environment.files.has('manifest')) return tables;
  const listed = await readManifest(context);
  checkListed(tables, listed);
  return new Map(listed.map((name) => [name, tables.get(name) ?? []]));
}

function checkCompacted(tables: Tables): void {
  const places = new Map<string, string>();
  for (const [name, table] of tables) {
    for (const {key, value} of table) {
      const other = places.get(key);
      if (other !== undefined) {
        throw broken(name, `it has ${key}, and so has ${other}, after a compaction`, ONCE_RULE);
      }
      if (value === null) {
        throw broken(name, `it has a tombstone of ${key}, after a compaction`, ONCE_RULE);
      }
      places.set(key, name);
    }
  }
}

/** In the order of MANIFEST, if it is claimed. */
function tablesWith(tables: Tables, key: string): string[] {
  const names = Array.from(tables.keys());
  return names.filter((name) => tables.get(name)?.some((entry) => entry.key === key));
}

/** Deletes as records of the log, and then as tombstones. */
async function checkDeletes(
  context: CheckContext,
  keys: Keys,
  compacted: readonly string[],
): Promise<void> {
  const {server, random, environment} = context;
  const {settling} = server.ledger;
  const chosen = random.shuffled(compacted);
  const deleted = chosen.slice(0, 40);
  const writes: KeyWrite[] = [
    ...deleted.map((key) => [key, null] as const),
    ...keys.keys(5).map((key) => [key, null] as const),
    ...keys.rewritten(chosen.slice(40, 50)),
  ];
  await server.writeAll(random.shuffled(writes));
  await server.kill();
  if (environment.files.has('wal')) await checkLog(context, writes.length);

  await server.start();
  await fill(context, keys, settling.untilFlush + SLACK_WRITES);
  await server.stop();
  const tables = await readTables(context);
  for (const key of deleted) checkTombstone(context, tables, key);
}

/** The last records are the last writes. */
async function checkLog(context: CheckContext, count: number): Promise<void> {
  const {path, records} = await readLogFile(context);
  const last = records.slice(-count);
  for (const [index, write] of context.server.ledger.writes().slice(-count).entries()) {
    const record = last[index];
    if (record?.key === write.key && record.value === write.value) continue;
    const what = write.value === null ? 'DELETE' : 'PUT';
    const problem = `its last ${count} records are not the last ${count} writes: ${what} ${write.key} is not where it should be`;
    throw broken(path, problem, DELETE_RECORD_RULE);
  }
}

const DELETE_RECORD_RULE = 'A delete is a record of the log: {"op":"delete","key":"…"}.';

function checkTombstone(context: CheckContext, tables: Tables, key: string): void {
  const names = tablesWith(tables, key);
  const isTombstone = (name: string) =>
    tables.get(name)?.some((entry) => entry.key === key && entry.value === null) === true;
  // Without MANIFEST nothing says which one is the newest.
  const isOrdered = context.environment.files.has('manifest');
  const candidates = isOrdered ? names.slice(-1) : names;
  if (candidates.some(isTombstone)) return;
  const where = names.length === 0 ? 'no SSTable has it' : `${names.at(-1)} has a value of it`;
  throw broken('the data folder', `${key} was deleted, and ${where}`, TOMBSTONE_RULE);
}
