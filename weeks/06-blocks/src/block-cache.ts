import {LRUCache} from 'lru-cache';
import type {Block} from './block.ts';

/** A block in the cache. */
interface Slot {
  readonly tableId: number;
  readonly position: number;
  readonly block: Block;
  /** Whether it was asked for since the last block was put in. */
  isUsed: boolean;
}

/**
 * The data blocks that were read last, so that what is read often is read from
 * the disk once. Least recently used blocks go first. Blocks never change, so
 * there is nothing to invalidate.
 *
 * Each SSTable has an array of its blocks: a hit looks there, and sets a mark. What
 * was marked is moved to the end of the LRU list when a block comes in, since only
 * then it matters which one goes: a list is all over the memory, and a hit waits for
 * memory more than for anything else.
 */
export class BlockCache {
  readonly #bytesMax: number;
  readonly #lru: LRUCache<Slot, Slot> | undefined;
  /** By the id of the SSTable, then by the position of the block. */
  readonly #tables = new Map<number, (Slot | undefined)[]>();
  #used: Slot[] = [];

  /** @param bytesMax of all blocks together; 0 turns the cache off */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    if (bytesMax === 0) return;
    this.#lru = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: ({block}) => block.sizeBytes,
      dispose: ({tableId, position}) => {
        const slots = this.#tables.get(tableId);
        if (slots !== undefined) slots[position] = undefined;
      },
    });
  }

  /** @param tableId that of the SSTable; no two have the same */
  get(tableId: number, position: number): Block | undefined {
    const slot = this.#tables.get(tableId)?.[position];
    if (slot === undefined) return undefined;
    if (!slot.isUsed) {
      slot.isUsed = true;
      this.#used.push(slot);
    }
    return slot.block;
  }

  /** REQUIRES: it is not in the cache. */
  set(tableId: number, position: number, block: Block): void {
    if (block.sizeBytes > this.#bytesMax) return;
    this.#noteUse();
    const slot = {tableId, position, block, isUsed: false};
    const slots = this.#tables.get(tableId) ?? [];
    slots[position] = slot;
    this.#tables.set(tableId, slots);
    this.#lru?.set(slot, slot);
  }

  /** Drops the blocks of an SSTable that is not read any more. */
  forget(tableId: number): void {
    for (const slot of this.#tables.get(tableId) ?? []) {
      if (slot !== undefined) this.#lru?.delete(slot);
    }
    this.#tables.delete(tableId);
  }

  #noteUse(): void {
    for (const slot of this.#used) {
      slot.isUsed = false;
      this.#lru?.get(slot);
    }
    this.#used = [];
  }
}
