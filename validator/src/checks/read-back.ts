/** Reads back what a check wrote. */
import type {CheckContext} from './check.ts';
import type {Keys} from './keys.ts';

export interface ReadBackOptions {
  /** Read at most so many written keys, drawn at random. @default all of them */
  readonly keysMax?: number;
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
  const sample = random.shuffled(written).slice(0, options.keysMax ?? written.length);
  const absent = keys.neverWritten(options.absent ?? 50, written);
  progress(`reading back ${sample.length} keys`);
  await server.expectAll(random.shuffled([...sample, ...absent]));
}
