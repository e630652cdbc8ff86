/** The logs of week 8, by the names that the contract gives them. */
import type {CheckContext} from './check.ts';
import {listDataFiles} from './data-files.ts';

/** A log of another name has no number that could be looked at. */
const LOG = /(?:^|\/)wal-([0-9]+)\.db$/;

export interface NumberedLog {
  /** In the data folder. */
  readonly path: string;
  readonly number: number;
}

/** Ascending; with a note if there is none of such a name. REQUIRES: the server is down. */
export async function numberedLogs({
  server,
  note,
}: Pick<CheckContext, 'server' | 'note'>): Promise<NumberedLog[]> {
  const files = await listDataFiles(server.control.dataDir);
  const logs = files.flatMap(({path}) => {
    const digits = LOG.exec(path)?.[1];
    return digits === undefined ? [] : [{path, number: Number(digits)}];
  });
  if (logs.length === 0) note('no file is named wal-<n>.db, so no log was looked at');
  return logs.sort((a, b) => a.number - b.number);
}
