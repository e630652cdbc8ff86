/**
 * Optional: a blocked Bloom filter. All bits of a key are in one cache line of 64
 * bytes, so that a lookup waits for the memory once instead of five times. Some
 * lines get more keys than others: there are a few more false positives.
 *
 * Source: Putze, Sanders and Singler, Cache-, Hash- and Space-Efficient Bloom
 * Filters, 2007.
 */
import {type HashPair, remainder} from './key-hash.ts';

const LINES = 39;
const LINE_BITS = 512;
/** A bit within a line. */
const BIT_MASK = LINE_BITS - 1;

/** The first hash chooses the line, each nine bits of the second a bit of it. */
export function blockedProbes({first, second: {high, low}}: HashPair): number[] {
  const line = remainder(first, LINES) * LINE_BITS;
  return [low, low >>> 9, low >>> 18, high, high >>> 9].map((bits) => line + (bits & BIT_MASK));
}
