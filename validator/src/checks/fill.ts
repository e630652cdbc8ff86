/** Writes by the memtable: checks about flushes need as many keys as fill one. */
import {writeInAnyOrder} from './any-order.ts';
import type {CheckContext} from './check.ts';
import type {Keys} from './keys.ts';
import {isDurable, memtableEntriesMax} from './week-rules.ts';

/**
 * How many new keys to write so that the first `memtables` memtables of them
 * are certainly on disk: until week 2, the last memtable's worth may be lost by
 * a stop, wherever the flushes fell.
 */
export function keysToFlush(week: number, memtables: number): number {
  const certain = memtables * memtableEntriesMax(week) + 100;
  return isDurable(week) ? certain : certain + memtableEntriesMax(week);
}

/** Writes `count` new keys, in any order. @returns the keys */
export async function fill(
  {server, progress}: Pick<CheckContext, 'server' | 'progress'>,
  keys: Keys,
  count: number,
): Promise<string[]> {
  progress(`writing ${count} keys`);
  const entries = keys.entries(count);
  await writeInAnyOrder(server, entries);
  return entries.map(([key]) => key);
}
