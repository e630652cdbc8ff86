/** What is told of a log, however long it is: counts of all its records, and the first ones. */
import type {FileRecord} from '../formats/file-record.ts';
import {type LogEnd, visitLog} from '../formats/log-file.ts';

export interface LogOverview extends LogEnd {
  /** The first RECORDS_KEPT of them. */
  readonly records: readonly FileRecord[];
  readonly puts: number;
  readonly deletes: number;
  /** Different ones. */
  readonly keys: number;
}

/** A log of 256 MiB has millions: all of them, as text, would not fit into memory. */
const RECORDS_KEPT = 200_000;

export function overviewOfLog(bytes: Uint8Array): LogOverview {
  const records: FileRecord[] = [];
  const keys = new Set<string>();
  let [puts, deletes] = [0, 0];
  const end = visitLog(bytes, (record) => {
    if (records.length < RECORDS_KEPT) records.push(record);
    if (record.value === null) deletes++;
    else puts++;
    keys.add(record.key);
  });
  return {...end, records, puts, deletes, keys: keys.size};
}
