/** What the contract lets a check expect in a week. */

/** The last week of the series. */
export const WEEK_LAST = 8;

/** The last week in which a value may be empty or longer than 64 bytes. */
export const WEEK_LAST_OF_LONG_VALUES = 5;

/** From week 3 on, what was acknowledged survives any stop. */
export function isDurable(week: number): boolean {
  return week >= 3;
}

/** Entries in a full memtable; without SSTables it is never full. */
export function memtableEntriesMax(week: number): number {
  if (week < 2) return Number.POSITIVE_INFINITY;
  return week < 6 ? 2_000 : 1_953;
}
