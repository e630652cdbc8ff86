/** Reads back what a check wrote. */
import {expectInAnyOrder} from './any-order.ts';
import type {CheckContext} from './check.ts';
import type {Keys} from './keys.ts';

export interface ReadBackOptions {
  /** Read at most so many written keys, drawn at random. @default all of them */
  readonly keysMax?: number;
  /** Of the keys that were written last, so many are read in any case: a crash hits those first. */
  readonly latest?: number;
  /** Keys that were never written, to be read too. @default 50 */
  readonly absent?: number;
}

/**
 * Reads all written keys (or a sample) and some that were never written, in
 * random order, and fails at the first answer that the ledger does not permit.
 */
export async function readBack(
  {server, random, progress}: Pick<CheckContext, 'server' | 'random' | 'progress'>,
  keys: Keys,
  options: ReadBackOptions = {},
): Promise<void> {
  const written = server.ledger.keys();
  const drawn = seededOrder(written, random.uint32()).slice(0, options.keysMax);
  const latest = written.slice(written.length - (options.latest ?? 0));
  const sample = Array.from(new Set([...drawn, ...latest]));
  const absent = keys.neverWritten(options.absent ?? 50, written);
  progress(`reading back ${sample.length} keys`);
  await expectInAnyOrder(server, seededOrder([...sample, ...absent], random.uint32()));
}

/**
 * Keys in the order of their hashes: a few keys more or less, as a crash leaves
 * them, do not change the order of the others, so that a seed repeats a run as
 * far as the server does.
 */
export function seededOrder(keys: readonly string[], seed: number): string[] {
  const hashed = keys.map((key) => ({key, hash: hashOf(key, seed)}));
  return hashed.sort((a, b) => a.hash - b.hash).map(({key}) => key);
}

/** FNV-1a, 32 bits */
function hashOf(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
