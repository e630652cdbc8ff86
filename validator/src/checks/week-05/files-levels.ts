import {writeInAnyOrder} from '../any-order.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import type {Value} from '../ledger.ts';
import {
  checkAllListed,
  checkRanges,
  type LevelFiles,
  type LevelList,
  readLevelList,
  readLevels,
} from '../level-files.ts';
import {mixedWrites, SLACK_WRITES, writePastCompaction} from '../mixed-writes.ts';
import {showPermitted} from '../show-value.ts';
import {memtableEntriesMax, thresholds} from '../week-rules.ts';

const SIZE_RULE = 'An SSTable has at most 2,000 entries.';
const TRIGGER_RULE = 'Five SSTables in L0 are merged with all of L1; L0 is empty afterwards.';
const TOMBSTONE_RULE =
  'A compaction into the lowest level has all entries of a key before it, so it leaves no tombstone.';
const CONTENT_RULE =
  'The newest entry of a key, in L0 from the newest file to the oldest, then in L1, is its last write.';
/** They may be in the memtable still: the memtables of some servers are a little larger. */
const LAST_WRITES = 3 * SLACK_WRITES;

export const filesLevels: Check = {
  id: 'files-levels',
  title: 'Levels on disk',
  weekFirst: 5,
  weekLast: 5,
  needs: 'files',
  claims: 'manifest',
  proves:
    'MANIFEST lists the files of l0 and l1, no id twice, with the key ranges that the files of l1 have; these do not overlap; five files in l0 have been compacted.',
  hints: {
    look: 'MANIFEST and the folders l0 and l1, after 14,000 writes and a stop',
    cause:
      'a range taken from elsewhere than the first and the last entry written, a header left out of an empty section, ids counted for each level apart, or old files that stay',
    chapter: 'docs/weeks/05.md#the-manifest-of-levels',
  },
  cost: {requests: 14_100, writes: 14_100, restarts: 1},

  async run(context) {
    const {server} = context;
    const keys = new Keys(context.random);
    await writePastCompaction(context, keys);
    await stopAndLook(context);

    // On top of L1 now, with tombstones of keys that it has.
    await server.start();
    for (let memtable = 1; memtable <= 2; memtable++) {
      await writeInAnyOrder(server, mixedWrites(context, keys, server.ledger.settling.untilFlush));
    }
    await fill(context, keys, SLACK_WRITES);
    await stopAndLook(context);
    if (!context.environment.files.has('sstable')) {
      context.note('SSTables are not claimed, so only MANIFEST was read');
    }
  },
};

async function stopAndLook(context: CheckContext): Promise<void> {
  await context.server.stop();
  const list = await readLevelList(context);
  checkL0(context, list);
  if (!context.environment.files.has('sstable')) return;
  const files = await readLevels(context, list);
  await checkAllListed(context, list, files);
  checkSizes(context, files);
  checkRanges(files);
  checkTombstones(files);
  checkContent(context, files);
}

function checkL0({week}: CheckContext, {path, manifest}: LevelList): void {
  const inL0 = manifest.tables.filter(({level}) => level === 0).length;
  if (inL0 >= (thresholds(week).l0TablesMax ?? 0)) {
    throw broken(path, `it lists ${inL0} SSTables in L0`, TRIGGER_RULE);
  }
  if (inL0 < manifest.tables.length) return;
  throw broken(path, 'it lists none in L1, after five full memtables', TRIGGER_RULE);
}

function checkSizes({week}: CheckContext, {tables}: LevelFiles): void {
  const entriesMax = memtableEntriesMax(week);
  const large = tables.find(({records}) => records.length > entriesMax);
  if (large === undefined) return;
  throw broken(large.path, `it has ${large.records.length} entries`, SIZE_RULE);
}

function checkTombstones({tables, levelCount}: LevelFiles): void {
  for (const {level, path, records} of tables) {
    const tombstone = level === levelCount - 1 && records.find(({value}) => value === null);
    if (!tombstone) continue;
    throw broken(path, `it has a tombstone of ${tombstone.key}`, TOMBSTONE_RULE);
  }
}

/** What a lookup in the files finds is what was written last. */
function checkContent({server}: CheckContext, files: LevelFiles): void {
  const {ledger} = server;
  const last = new Set(
    ledger
      .writes()
      .slice(-LAST_WRITES)
      .map(({key}) => key),
  );
  const found = newestEntries(files);
  for (const key of ledger.keys()) {
    const {value, path} = found.get(key) ?? {value: null, path: 'the data folder'};
    const permitted = ledger.permitted(key);
    if (last.has(key) || permitted.includes(value)) continue;
    const what = value === null ? 'there is no value' : `the newest entry is "${value}"`;
    throw broken(path, `of ${key} ${what}, expected ${showPermitted(permitted)}`, CONTENT_RULE);
  }
}

interface Found {
  readonly value: Value;
  readonly path: string;
}

function newestEntries({tables}: LevelFiles): Map<string, Found> {
  const found = new Map<string, Found>();
  // From the oldest to the newest, so that the newest stays.
  const l0 = tables.filter(({level}) => level === 0);
  const lower = tables.filter(({level}) => level > 0).toReversed();
  for (const {path, records} of [...lower, ...l0]) {
    for (const {key, value} of records) found.set(key, {value, path});
  }
  return found;
}
