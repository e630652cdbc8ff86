import {LRUCache} from 'lru-cache';
import type {Block} from './block.ts';

/** Above the number of blocks of any SSTable. */
const TABLE_BLOCKS_MAX = 4096;

/**
 * The data blocks that were read last, so that what is read often is read from
 * the disk once. Least recently used blocks go first. Blocks never change, so
 * there is nothing to invalidate.
 */
export class BlockCache {
  readonly #blocks: LRUCache<number, Block> | undefined;

  /** @param bytesMax of all blocks together; 0 turns the cache off */
  constructor(bytesMax: number) {
    if (bytesMax === 0) return;
    this.#blocks = new LRUCache({maxSize: bytesMax, sizeCalculation: ({sizeBytes}) => sizeBytes});
  }

  /** @param tableId that of the SSTable; no two have the same */
  get(tableId: number, index: number): Block | undefined {
    return this.#blocks?.get(tableId * TABLE_BLOCKS_MAX + index);
  }

  set(tableId: number, index: number, block: Block): void {
    this.#blocks?.set(tableId * TABLE_BLOCKS_MAX + index, block);
  }
}
