import type {Seeds} from './key-hash.ts';

/**
 * Optional: seeds of its own for each Bloom filter. With the same seeds
 * everywhere, a key that is a false positive of one filter is so of others of
 * similar keys; and whoever knows the seeds can choose keys that all are. The
 * cost: a lookup hashes the key anew for each SSTable.
 */
export function newSeeds(): Seeds {
  const [first = 0n, second = 1n] = crypto.getRandomValues(new BigUint64Array(2));
  return [first, second];
}
