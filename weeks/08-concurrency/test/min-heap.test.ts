import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {MinHeap} from '../src/min-heap.ts';

const ascending = (a: number, b: number): boolean => a < b;

it('gives back what was pushed, smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const heap = new MinHeap(ascending);
      for (const number of numbers) heap.push(number);
      expect(heap.size).toBe(numbers.length);
      expect(popAll(heap)).toEqual(numbers.toSorted((a, b) => a - b));
    }),
  );
});

it('keeps the smallest on top while items come and go', () => {
  const command = fc.option(fc.integer({min: 0, max: 20}), {nil: undefined});
  fc.assert(
    fc.property(fc.array(command, {maxLength: 200}), (commands) => {
      const heap = new MinHeap(ascending);
      const model: number[] = [];
      for (const number of commands) {
        if (number === undefined) {
          expect(heap.pop()).toBe(model.shift());
        } else {
          heap.push(number);
          model.push(number);
          model.sort((a, b) => a - b);
        }
        expect(heap.size).toBe(model.length);
      }
    }),
  );
});

it('compares no more often than its height asks for', () => {
  let comparisons = 0;
  const heap = new MinHeap<number>((a, b) => {
    comparisons += 1;
    return a < b;
  });
  for (let number = 1023; number > 0; number--) heap.push(number);
  comparisons = 0;
  heap.push(0);
  expect(comparisons).toBeLessThanOrEqual(10);
  comparisons = 0;
  heap.pop();
  expect(comparisons).toBeLessThanOrEqual(2 * 10);
});

it('is undefined when empty', () => {
  const heap = new MinHeap(ascending);
  expect(heap.pop()).toBeUndefined();
  heap.push(1);
  heap.pop();
  expect(heap.pop()).toBeUndefined();
});

function popAll(heap: MinHeap<number>): (number | undefined)[] {
  return Array.from({length: heap.size}, () => heap.pop());
}
