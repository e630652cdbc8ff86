/** Seeded random numbers (mulberry32): the same seed draws the same keys, values and kill points. */
export class Random {
  #state: number;

  /** @param seed 32 bits */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 to 2^32 - 1 */
  uint32(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 to `limit` - 1 */
  below(limit: number): number {
    return Math.floor((this.uint32() / 2 ** 32) * limit);
  }

  /** REQUIRES: `items` is not empty. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  /** A new array with the same items in random order. */
  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({item, order: this.uint32()}));
    return keyed.sort((a, b) => a.order - b.order).map(({item}) => item);
  }

  /** `length` letters a to z */
  letters(length: number): string {
    let text = '';
    for (let index = 0; index < length; index++) text += LETTERS[this.below(LETTERS.length)];
    return text;
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
