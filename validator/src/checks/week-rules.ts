/** What the contract lets a check expect in a week. */
import type {Thresholds} from './settling.ts';

/** The last week of the series. */
export const WEEK_LAST = 8;

/** The last week in which a value may be empty or longer than 64 bytes. */
export const WEEK_LAST_OF_LONG_VALUES = 5;

/** The first week with DELETE. */
export const DELETES_FROM_WEEK = 4;

/** From week 3 on, what was acknowledged survives any stop. */
export function isDurable(week: number): boolean {
  return week >= 3;
}

/** From week 8 on, requests run at the same time. */
export function isConcurrent(week: number): boolean {
  return week >= WEEK_LAST;
}

/** Entries in a full memtable; without SSTables it is never full. */
export function memtableEntriesMax(week: number): number {
  if (week < 2) return Number.POSITIVE_INFINITY;
  return week < 6 ? 2_000 : 1_953;
}

/** The same in a server that is accepted too: from week 6 on a memtable may fill two SSTables. */
export function memtableEntriesAccepted(week: number): number {
  return Math.max(memtableEntriesMax(week), 2_000);
}

/** When a flush or a compaction is due. */
export function thresholds(week: number): Thresholds {
  const entries = {memtableEntriesMax: memtableEntriesMax(week)};
  if (week < DELETES_FROM_WEEK) return entries;
  if (week === DELETES_FROM_WEEK || week === WEEK_LAST)
    return {...entries, compactionUpdates: 10_000};
  return {...entries, l0TablesMax: 5};
}
