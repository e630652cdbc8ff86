import {broken} from '../broken-file.ts';
import type {Check} from '../check.ts';
import {readManifest, readSSTables} from '../claimed-files.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {checkListed, checkTables, type Tables} from '../sstable-rules.ts';
import {memtableEntriesMax} from '../week-rules.ts';

export const filesSSTables: Check = {
  id: 'files-sstables',
  title: 'SSTables and MANIFEST on disk',
  weekFirst: 2,
  weekLast: 4,
  needs: 'files',
  claims: 'sstable',
  proves:
    'Each SSTable is sorted, has each key once and at most a memtable of entries; MANIFEST lists exactly them, oldest first.',
  hints: {
    look: 'sst-1.json and MANIFEST in the data folder, after two flushes and a stop',
    cause:
      'entries written in the order of the hash table, or a name listed before, twice, or not at all',
    chapter: 'docs/weeks/02.md#the-sstable',
  },
  cost: {requests: 4_500, writes: 4_500, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const entries = memtableEntriesMax(week);
    const first = await fill(context, keys, entries);
    // The second SSTable has new values of old keys, and new keys.
    await server.putAll(keys.rewritten(random.shuffled(first).slice(0, 300)));
    await fill(context, keys, entries - 300);
    await server.putAll(keys.rewritten(first.slice(0, 100)));
    await server.stop();

    const tables = await readSSTables(context);
    checkTables(context, tables);
    checkFlushed(tables, first);
    if (context.environment.files.has('manifest')) checkListed(tables, await readManifest(context));
    else context.note('MANIFEST is not claimed, so only the SSTables were read');
  },
};

/** REQUIRES: `written` was followed by another memtable's worth of keys. */
function checkFlushed(tables: Tables, written: readonly string[]): void {
  const flushed = new Set(Array.from(tables.values(), (table) => table.map(({key}) => key)).flat());
  const missing = written.find((key) => !flushed.has(key));
  if (missing === undefined) return;
  const where = tables.size === 0 ? 'there is no SSTable' : `${missing} is in no SSTable`;
  throw broken('the data folder', `${where}, after two full memtables`, FLUSH_RULE);
}

const FLUSH_RULE = 'A full memtable is written to a new SSTable.';
