/** What must hold for the SSTables of a data folder, and for the MANIFEST that lists them. */
import {broken} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import type {FileRecords} from './claimed-files.ts';
import type {Value} from './ledger.ts';
import {quote} from './show-value.ts';
import {memtableEntriesMax} from './week-rules.ts';

const SSTABLE_RULE =
  'An SSTable has a memtable of entries at most, and nothing that was not written.';
const LIST_RULE = 'MANIFEST lists the SSTables that there are, one name a line, oldest first.';

/** The entries of each SSTable, by the name of its file. */
export type Tables = ReadonlyMap<string, FileRecords>;

/** Each has at most a memtable of entries, and nothing that was never written. */
export function checkTables({server, week}: CheckContext, tables: Tables): void {
  const entriesMax = memtableEntriesMax(week);
  const written = new Set(server.ledger.writes().map(({key, value}) => idOf(key, value)));
  for (const [name, table] of tables) {
    if (table.length > entriesMax) {
      const problem = `it has ${table.length} entries, and a memtable ${entriesMax}`;
      throw broken(name, problem, SSTABLE_RULE);
    }
    const madeUp = table.find(({key, value}) => !written.has(idOf(key, value)));
    if (madeUp === undefined) continue;
    const {key, value} = madeUp;
    const what = value === null ? 'is deleted' : `has the value ${quote(value)}`;
    throw broken(name, `${key} ${what}, which was never written`, SSTABLE_RULE);
  }
}

/** A tombstone is not the value `null`. */
function idOf(key: string, value: Value): string {
  return value === null ? key : `${key} ${value}`;
}

/** MANIFEST lists the SSTables that are there, the series' names in the order of their ids. */
export function checkListed(tables: Tables, listed: readonly string[]): void {
  const missing = listed.find((name) => !tables.has(name));
  if (missing !== undefined) {
    throw broken('MANIFEST', `it lists ${missing}, which is not there`, LIST_RULE);
  }
  const unlisted = Array.from(tables.keys()).find((name) => !listed.includes(name));
  if (unlisted !== undefined) {
    throw broken('MANIFEST', `it does not list ${unlisted}, which is there`, LIST_RULE);
  }
  // Names of a project's own, hashes for one, need not ascend.
  const ids = listed.map((name) => Number(/(?:^|\/)sst-(\d+)\.json$/.exec(name)?.[1]));
  const late = ids.findIndex((id, index) => index > 0 && id < (ids[index - 1] ?? 0));
  if (late === -1) return;
  throw broken('MANIFEST', `it lists ${listed[late]} after ${listed[late - 1]}`, LIST_RULE);
}
