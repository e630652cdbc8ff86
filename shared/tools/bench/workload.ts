/** Keys and values of the benches: 16 bytes and 64 bytes. */
import {SeededRandom} from '../../src/seeded-random.ts';

export const KEY_BYTES = 16;
export const VALUE_BYTES = 64;

/** They ascend with `index`, and between any two there is one that is absent. */
export function presentKey(index: number): string {
  return key(2 * index);
}

/** Never written, and inside the range of those that are. */
export function absentKey(index: number): string {
  return key(2 * index + 1);
}

function key(number: number): string {
  return `key_${String(number).padStart(KEY_BYTES - 4, '0')}`;
}

/** Differs from round to round: an unchanged value could be skipped by a clever store. */
export function valueOf(round: number, index: number): string {
  return `${round}-${index}-`.padEnd(VALUE_BYTES, 'x');
}

/** The numbers from 0 up to `count`, in an order that repeats with its seed. */
export function shuffled(count: number, seed: number): number[] {
  const random = new SeededRandom(seed);
  const numbers = Array.from({length: count}, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [numbers[last], numbers[other]] = [numbers[other] ?? 0, numbers[last] ?? 0];
  }
  return numbers;
}
