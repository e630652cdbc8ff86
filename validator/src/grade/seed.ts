/** Seeds: one number repeats a whole run; each check draws from a generator of its own. */
import {createHash, randomInt} from 'node:crypto';
import {Random} from '@kv-workshop/fixtures/generate/random';

export const SEED_MAX = 2 ** 32 - 1;

export function newSeed(): number {
  return randomInt(SEED_MAX);
}

/** Independent of which other checks run, so that `--check` repeats a check exactly. */
export function checkRandom(seed: number, checkId: string): Random {
  const digest = createHash('sha256').update(`${seed} ${checkId}`).digest();
  return new Random(digest.readUInt32LE(0));
}
