import {RULES} from '../../formats/problem.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {type Log, readLogFile} from '../claimed-files.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {memtableEntriesAccepted, memtableEntriesMax} from '../week-rules.ts';

export const filesWal: Check = {
  id: 'files-wal',
  title: 'The log on disk',
  weekFirst: 3,
  weekLast: 7,
  needs: 'files',
  claims: 'wal',
  proves: 'Each write is one record, in order; a flush empties the log.',
  hints: {
    look: 'wal.db after ten writes and a crash, and again after a flush',
    cause: 'records in another form, written late, or a log that a flush does not empty',
    chapter: 'docs/weeks/03.md#the-write-ahead-log',
  },
  cost: {requests: 2_100, writes: 2_100, restarts: 2},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const first = await fill(context, keys, 40);
    const rewritten = keys.rewritten(first.slice(0, 10));
    await server.putAll(rewritten);
    await server.kill();
    expectRecords(context, await readLogFile(context));

    // Two more than a memtable, so that whoever flushes one write later has flushed too.
    const written = memtableEntriesAccepted(week) + 2;
    await server.start();
    await fill(context, keys, written - first.length);
    await server.kill();
    const left = await readLogFile(context);
    if (left.records.length > written - memtableEntriesMax(week)) {
      throw broken(left.path, `it has ${left.records.length} records after a flush`, FLUSH_RULE);
    }
  },
};

const FLUSH_RULE = 'A flush ends with an empty log: its entries are in an SSTable now.';

/** The log holds every write so far, in the order in which they were acknowledged. */
function expectRecords({server}: CheckContext, {path, records}: Log): void {
  const written = server.ledger.writes();
  for (const [index, write] of written.entries()) {
    const record = records[index];
    if (record?.key === write.key && record.value === write.value) continue;
    const what = record === undefined ? 'is missing' : `is one of ${record.key}`;
    throw broken(
      path,
      `record ${index + 1} should put ${write.key} and ${what}`,
      RULES['log-record'],
    );
  }
  if (records.length === written.length) return;
  throw broken(path, `${records.length} records for ${written.length} writes`, RULES['log-record']);
}
