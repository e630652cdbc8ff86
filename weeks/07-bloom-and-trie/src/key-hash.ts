import xxhash from 'xxhash-wasm';

/** A 64-bit hash, in halves: BigInt arithmetic would take longer than the hash itself. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** The two hashes of a key, from which all its bits in a Bloom filter follow. */
export interface HashPair {
  readonly first: Hash;
  readonly second: Hash;
}

export type Seeds = readonly [bigint, bigint];

const xxHash = await xxhash();
const LONG = new BigUint64Array(1);
const HALVES = new DataView(LONG.buffer);
/** The first byte of a number is its lowest, or its highest. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Most keys that are absent have no need of the second hash: already the first bit is not set. */
class LazyPair implements HashPair {
  readonly key: string;
  readonly seeds: Seeds;
  readonly first: Hash;
  #second: Hash | undefined;

  constructor(key: string, seeds: Seeds) {
    this.key = key;
    this.seeds = seeds;
    this.first = halves(xxHash.h64(key, seeds[0]));
  }

  get second(): Hash {
    this.#second ??= halves(xxHash.h64(this.key, this.seeds[1]));
    return this.#second;
  }
}

/** A lookup asks the filters of many SSTables for the same key. */
let last: LazyPair | undefined;

/** xxHash64 of the key with each of the seeds. */
export function hashPair(key: string, seeds: Seeds): HashPair {
  if (last?.key !== key || last.seeds !== seeds) last = new LazyPair(key, seeds);
  return last;
}

function halves(hash: bigint): Hash {
  LONG[0] = hash;
  const [low, high] = IS_LITTLE_ENDIAN ? [0, 4] : [4, 0];
  return {
    high: HALVES.getUint32(high, IS_LITTLE_ENDIAN),
    low: HALVES.getUint32(low, IS_LITTLE_ENDIAN),
  };
}

/** The remainder of the 64-bit number, by arithmetic that is exact below 2 to the power of 53. */
export function remainder({high, low}: Hash, divisor: number): number {
  return ((high % divisor) * (2 ** 32 % divisor) + low) % divisor;
}
