import {expect, it} from 'vitest';
import {type Block, decodeData, encodeData} from '../src/block.ts';
import {BlockCache} from '../src/block-cache.ts';

const block = decodeData(encodeData([])) as Block;

it('keeps the blocks that were read last, up to its bytes', () => {
  const cache = new BlockCache(2 * block.sizeBytes);
  cache.set(1, 0, block);
  cache.set(1, 1, block);
  expect(cache.get(1, 0)).toBe(block);
  cache.set(2, 0, block);
  expect(cache.get(1, 0)).toBe(block);
  expect(cache.get(1, 1)).toBeUndefined();
  expect(cache.get(2, 0)).toBe(block);
});

it('keeps what is asked for again and again, and drops it when it is not any more', () => {
  const cache = new BlockCache(3 * block.sizeBytes);
  for (let position = 0; position < 20; position++) {
    cache.set(1, position, block);
    expect(cache.get(1, 0)).toBe(block);
  }
  expect(present(cache, 1)).toEqual([0, 18, 19]);
  for (let position = 20; position < 23; position++) cache.set(1, position, block);
  expect(present(cache, 1)).toEqual([20, 21, 22]);
});

it('has room for others when an SSTable is forgotten', () => {
  const cache = new BlockCache(4 * block.sizeBytes);
  for (const position of [0, 1]) for (const table of [1, 2]) cache.set(table, position, block);
  cache.forget(1);
  for (const position of [5, 6]) cache.set(3, position, block);
  expect([1, 2, 3].map((table) => present(cache, table))).toEqual([[], [0, 1], [5, 6]]);
  cache.set(4, 0, block);
  expect([2, 3, 4].map((table) => present(cache, table))).toEqual([[1], [5, 6], [0]]);
});

it('takes no block that is larger than itself, and of 0 bytes none at all', () => {
  for (const bytesMax of [0, block.sizeBytes - 1]) {
    const cache = new BlockCache(bytesMax);
    cache.set(1, 0, block);
    expect(cache.get(1, 0)).toBeUndefined();
  }
});

function present(cache: BlockCache, tableId: number): number[] {
  const positions = Array.from({length: 30}, (_, position) => position);
  return positions.filter((position) => cache.get(tableId, position) !== undefined);
}
