/** Writes of different keys at the same time. */
import {inLanes} from './any-order.ts';
import type {KeyWrite} from './ledger.ts';
import type {ServerUnderTest} from './server-under-test.ts';

/**
 * Of writes that are sent at the same time, so many are counted as one where the
 * disk is slow: many servers let them share a sync.
 */
export const WRITES_PER_SYNC = 4;

/**
 * Sends PUTs and DELETEs over so many connections, each as soon as one is free.
 * The connections stay open for what is sent next: to open sixty-four takes
 * longer than to write on them.
 *
 * REQUIRES: no two of the writes have the same key.
 * @throws CheckFailure unless all are acknowledged
 */
export async function writeSideBySide(
  server: ServerUnderTest,
  writes: readonly KeyWrite[],
  connections: number,
): Promise<void> {
  await inLanes(writes, connections, (write) => server.writeAll([write]));
}
