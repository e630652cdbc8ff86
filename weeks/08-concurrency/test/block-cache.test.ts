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

it('of 0 bytes keeps nothing', () => {
  const cache = new BlockCache(0);
  cache.set(1, 0, block);
  expect(cache.get(1, 0)).toBeUndefined();
});
