import {SeededRandom} from '../../src/seeded-random.ts';

/** Any number will do, as long as it is always the same. */
const ORDER_SEED = 20;

/**
 * `count` of the items, in an order that mixes them: with each seed the next ones,
 * until all have had their turn, and then from the beginning.
 */
export function rotation<T>(items: readonly T[], count: number, seed: number): T[] {
  const random = new SeededRandom(ORDER_SEED);
  const drawn = items.map((item) => ({item, place: random.next()}));
  const order = drawn.toSorted((a, b) => a.place - b.place).map(({item}) => item);
  const start = order.length === 0 ? 0 : (seed * count) % order.length;
  return [...order.slice(start), ...order.slice(0, start)].slice(0, count);
}
