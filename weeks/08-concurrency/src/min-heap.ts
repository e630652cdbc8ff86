/**
 * A binary min-heap in an array: the children of the item at i are at 2i + 1
 * and 2i + 2.
 *
 * Invariant: no item is before its parent. So the first item of the array is a
 * smallest one, and push and pop move along one path between root and leaf.
 */
export class MinHeap<T> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** A smallest item, or undefined if the heap is empty. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** O(log n). */
  push(item: T): void {
    let index = this.#items.push(item) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(item, this.#at(parent))) break;
      this.#items[index] = this.#at(parent);
      index = parent;
    }
    this.#items[index] = item;
  }

  /** Removes and returns a smallest item, or undefined if the heap is empty. O(log n). */
  pop(): T | undefined {
    const smallest = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sinkFromRoot(last);
    return smallest;
  }

  /** Fills the hole at the root with `item`, then restores the invariant downwards. */
  #sinkFromRoot(item: T): void {
    const count = this.#items.length;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#isBefore(this.#at(child + 1), this.#at(child))) child++;
      if (!this.#isBefore(this.#at(child), item)) break;
      this.#items[index] = this.#at(child);
      index = child;
    }
    this.#items[index] = item;
  }

  #at(index: number): T {
    return this.#items[index] as T;
  }
}
