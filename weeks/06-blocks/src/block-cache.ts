import type {Block} from './block.ts';

/** A block in the cache. */
interface Slot {
  readonly tableId: number;
  readonly position: number;
  readonly block: Block;
  /** Where it is in the ring. */
  index: number;
  /** Whether it was asked for since the hand came by. */
  isUsed: boolean;
}

/**
 * The data blocks that were read last, so that what is read often is read from
 * the disk once. Blocks never change, so there is nothing to invalidate.
 *
 * Which one goes is found by a clock: a hand goes round the blocks, spares those that
 * were asked for since it last came by, and takes the first that was not. That is nearly
 * the least recently used one; but a hit only sets a mark, and moves nothing in a list.
 */
export class BlockCache {
  readonly #bytesMax: number;
  /** By the id of the SSTable, then by the position of the block. */
  readonly #slots = new Map<number, (Slot | undefined)[]>();
  readonly #ring: Slot[] = [];
  /** The index in the ring at which it is. */
  #hand = 0;
  #bytes = 0;

  /** @param bytesMax of all blocks together; 0 turns the cache off */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** @param tableId that of the SSTable; no two have the same */
  get(tableId: number, position: number): Block | undefined {
    const slot = this.#slots.get(tableId)?.[position];
    if (slot === undefined) return undefined;
    slot.isUsed = true;
    return slot.block;
  }

  /** REQUIRES: it is not in the cache. */
  set(tableId: number, position: number, block: Block): void {
    if (block.sizeBytes > this.#bytesMax) return;
    while (this.#bytes + block.sizeBytes > this.#bytesMax) this.#remove(this.#nextUnused());
    const slot = {tableId, position, block, index: this.#ring.length, isUsed: false};
    const slots = this.#slots.get(tableId) ?? [];
    slots[position] = slot;
    this.#slots.set(tableId, slots);
    this.#ring.push(slot);
    this.#bytes += block.sizeBytes;
  }

  /** Drops the blocks of an SSTable that is not read any more. */
  forget(tableId: number): void {
    for (const slot of this.#slots.get(tableId) ?? []) if (slot !== undefined) this.#remove(slot);
    this.#slots.delete(tableId);
  }

  /** REQUIRES: there is a block. */
  #nextUnused(): Slot {
    for (;;) {
      const slot = this.#ring[this.#hand++];
      if (slot === undefined) this.#hand = 0;
      else if (!slot.isUsed) return slot;
      else slot.isUsed = false;
    }
  }

  #remove(slot: Slot): void {
    const slots = this.#slots.get(slot.tableId);
    if (slots !== undefined) slots[slot.position] = undefined;
    // The last of the ring takes its place.
    const last = this.#ring.pop() as Slot;
    if (last !== slot) this.#ring[slot.index] = last;
    last.index = slot.index;
    this.#bytes -= slot.block.sizeBytes;
  }
}
