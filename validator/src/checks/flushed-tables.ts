import {setTimeout as sleep} from 'node:timers/promises';
import {readTableFiles, type TableFile} from './block-files.ts';
import {broken} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob} from './claimed-files.ts';
import {WEEK_LAST} from './week-rules.ts';

const ATTEMPTS = 5;
const PAUSE_MS = 300;

/**
 * Stops the server, and reads its SSTables. In week 8 a flush runs in the
 * background, and may not be done when the server stops: then it is started
 * again, and given some time.
 * @param isDone whether what should be flushed is
 * @throws CheckFailure if there are none
 */
export async function stoppedTables(
  context: CheckContext,
  isDone: (tables: readonly TableFile[]) => boolean = (tables) => tables.length > 0,
): Promise<TableFile[]> {
  const {server, week} = context;
  await server.stop();
  let tables = await readTableFiles(context);
  const attempts = week === WEEK_LAST ? ATTEMPTS : 0;
  for (let attempt = 1; attempt <= attempts && !isDone(tables); attempt++) {
    await server.start();
    await sleep(attempt * PAUSE_MS);
    await server.stop();
    tables = await readTableFiles(context);
  }
  if (tables.length > 0) return tables;
  const problem = `there is no SSTable: no file is named ${claimedGlob(context, 'sstable')}`;
  throw broken('the data folder', problem, FLUSH_RULE);
}

export const FLUSH_RULE = 'A full memtable is written to a new SSTable.';
