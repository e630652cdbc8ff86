/** Writes and reads of different keys at the same time, each held against the ledger. */
import type {ClientConnection} from '../http/http-client.ts';
import type {KeyWrite} from './ledger.ts';
import type {ServerUnderTest} from './server-under-test.ts';

/**
 * Of writes that are sent at the same time, so many are counted as one where the
 * disk is slow: many servers let them share a sync.
 */
export const WRITES_PER_SYNC = 4;

/**
 * Sends PUTs and DELETEs over so many connections, each as soon as one is free.
 *
 * REQUIRES: no two of the writes have the same key.
 * @throws CheckFailure unless all are acknowledged
 */
export async function writeSideBySide(
  server: ServerUnderTest,
  writes: Iterable<KeyWrite>,
  connections: number,
): Promise<void> {
  const waiting = writes[Symbol.iterator]();
  await onConnections(server, connections, async (connection, isOver) => {
    while (!isOver()) {
      const next = waiting.next();
      if (next.done === true) return;
      await write(server, connection, next.value);
    }
  });
}

async function write(
  server: ServerUnderTest,
  connection: ClientConnection,
  [key, value]: KeyWrite,
): Promise<void> {
  const request = server.writeRequest(key, value);
  let outcome = await server.exchange(connection, request);
  if (outcome.kind === 'lost' && outcome.stale) {
    await server.countStale(request, outcome);
    server.ledger.wrote(key, value, 'unanswered');
    outcome = await server.exchange(connection, request);
  }
  if (outcome.kind === 'lost') throw await server.diagnosed(request, outcome.failure);
  server.wrote(key, value, outcome);
}

/** Works on several connections; when one fails, the others end with their next answer. */
async function onConnections(
  server: ServerUnderTest,
  connections: number,
  work: (connection: ClientConnection, isOver: () => boolean) => Promise<void>,
): Promise<void> {
  // The server may be able to serve few connections only.
  server.disconnect();
  let isOver = false;
  const workers = Array.from({length: connections}, async () => {
    try {
      await work(server.connect(), () => isOver);
    } catch (error) {
      isOver = true;
      throw error;
    }
  });
  const ends = await Promise.allSettled(workers);
  server.disconnect();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
