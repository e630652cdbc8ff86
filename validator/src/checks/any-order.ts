/**
 * Requests whose order does not matter. In the week of concurrency they are sent
 * several at a time, so that a server which syncs for all that wait together is
 * filled many times as fast; before, and to a server that serves one connection
 * only, one after another.
 */
import type {KeyWrite} from './ledger.ts';
import type {ServerUnderTest} from './server-under-test.ts';
import {isConcurrent} from './week-rules.ts';

/** More gain nothing: the requests themselves are the limit then. */
const CONNECTIONS = 32;

/** PUTs and DELETEs. REQUIRES: no two of them have the same key. */
export async function writeInAnyOrder(
  server: ServerUnderTest,
  writes: readonly KeyWrite[],
): Promise<void> {
  await inAnyOrder(server, writes, (write) => server.writeAll([write]));
}

/** DELETEs, as writes. */
export function deletes(keys: readonly string[]): KeyWrite[] {
  return keys.map((key) => [key, null]);
}

/** Reads all keys, and fails unless the ledger permits each answer. */
export async function expectInAnyOrder(
  server: ServerUnderTest,
  keys: readonly string[],
): Promise<void> {
  await inAnyOrder(server, keys, (key) => server.expect(key));
}

/** @throws what the first item in the list that failed has thrown, so that a seed repeats it */
export async function inAnyOrder<Item>(
  server: ServerUnderTest,
  items: readonly Item[],
  request: (item: Item) => Promise<void>,
): Promise<void> {
  const isSeveral = isConcurrent(server.week) && (await server.servesSeveral());
  await inLanes(items, isSeveral ? CONNECTIONS : 1, request);
}

/**
 * Works on so many items at a time.
 * @throws as `inAnyOrder`
 */
export async function inLanes<Item>(
  items: readonly Item[],
  lanes: number,
  request: (item: Item) => Promise<void>,
): Promise<void> {
  // One for all lanes: each takes the next item from it.
  const rest = items.entries();
  let failure: {readonly index: number; readonly error: unknown} | undefined;
  const lane = async () => {
    for (const [index, item] of rest) {
      try {
        await request(item);
      } catch (error) {
        if (failure === undefined || index < failure.index) failure = {index, error};
      }
      if (failure !== undefined) return;
    }
  };
  await Promise.all(Array.from({length: lanes}, lane));
  if (failure !== undefined) throw failure.error;
}
