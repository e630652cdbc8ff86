/**
 * Ascending keys, to be searched again and again. The keys themselves are all over the
 * memory, and a search that halves them waits for it at each step. So four characters of
 * each, those behind what all keys begin with, stand side by side as one number, its rank:
 *
 *   keys    apple_07   apple_19   apple_1b   apple_92      all begin with apple_
 *   ranks   07         19         1b         92
 *
 * Ranks ascend as their keys do. A key is looked at only if its rank is the one looked for.
 */

const RANK_CHARACTERS = 4;

export class SortedKeys {
  readonly #keys: readonly string[];
  /** So many characters begin all keys: those of the first and of the last. */
  readonly #commonLength: number;
  readonly #ranks: Uint32Array;

  /** REQUIRES: `keys` ascend. */
  constructor(keys: readonly string[]) {
    const common = commonLength(keys[0] ?? '', keys.at(-1) ?? '');
    this.#keys = keys;
    this.#commonLength = common;
    this.#ranks = Uint32Array.from(keys, (key) => rankOf(key, common, key.length));
  }

  /** The index of the last key that is not behind `key`; -1 if all are. */
  lastNotBehind(key: string): number {
    const rank = this.#rankOf(key);
    let low = -1;
    let high = this.#keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#isNotBehind(middle, key, rank)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #isNotBehind(index: number, key: string, rank: number): boolean {
    const own = this.#ranks[index] ?? 0;
    return own === rank ? (this.#keys[index] ?? '') <= key : own < rank;
  }

  /** Below or above all ranks for a key that does not begin as all keys do. */
  #rankOf(key: string): number {
    const [first = ''] = this.#keys;
    const common = this.#commonLength;
    if (commonLength(first, key) >= common) return rankOf(key, common, key.length);
    return key < first ? -1 : Number.POSITIVE_INFINITY;
  }
}

/** How many characters `a` and `b` begin with in common. */
export function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Four characters of `text` as one number, zeros for those from `end` on. */
export function rankOf(text: string, start: number, end: number): number {
  let rank = 0;
  for (let index = start; index < start + RANK_CHARACTERS; index++) {
    rank = (rank << 8) | (index < end ? text.charCodeAt(index) : 0);
  }
  return rank >>> 0;
}
