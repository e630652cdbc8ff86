/**
 * A radix trie: a tree in which each node has a part of a key, its edge, and the
 * keys are what one reads from the root down. A node with a single child and no
 * key of its own is merged with it, so that edges are as long as they can be.
 *
 *   apple=7, app=✝, ape=1, fig=3        (root)
 *                                       ├─ ap ┬─ e=1
 *                                       │     └─ p=✝ ── le=7
 *                                       └─ fig=3
 *
 * Children are sorted by their first characters, which all differ. So walking the
 * trie meets the keys in order, and needs no sort.
 *
 * Invariants:
 * 1. No edge but that of the root is empty.
 * 2. The first characters of a node's children ascend.
 * 3. A node without a key of its own, other than the root, has two children or more.
 */
import type {Entry} from './sstable.ts';

interface Node {
  edge: string;
  children: Node[];
  /** The first character of each child's edge, side by side: to look into the children takes longer. */
  charCodes: number[];
  /** Null: a tombstone. Undefined: no key ends here, the node is a prefix only. */
  value: string | null | undefined;
}

export class RadixTrie {
  readonly #root: Node = newNode('', undefined);
  #size = 0;

  /** How many keys there are, tombstones included. */
  get size(): number {
    return this.#size;
  }

  get(key: string): string | null | undefined {
    let node: Node | undefined = this.#root;
    let offset = 0;
    while (node !== undefined && offset < key.length) {
      node = childFor(node, key.charCodeAt(offset));
      if (node === undefined) return undefined;
      if (commonLength(node.edge, key, offset) < node.edge.length) return undefined;
      offset += node.edge.length;
    }
    return node?.value;
  }

  /** REQUIRES: `key` is not empty. */
  put(key: string, value: string | null): void {
    let node = this.#root;
    let offset = 0;
    while (offset < key.length) {
      const child = childFor(node, key.charCodeAt(offset));
      if (child === undefined) {
        insertChild(node, newNode(key.slice(offset), value));
        this.#size += 1;
        return;
      }
      const length = commonLength(child.edge, key, offset);
      if (length < child.edge.length) split(child, length);
      node = child;
      offset += length;
    }
    if (node.value === undefined) this.#size += 1;
    node.value = value;
  }

  /** All entries from the key `start` on, ascending. */
  *entries(start = ''): Generator<Entry> {
    const pending = [{node: this.#root, prefix: ''}];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const {node, prefix} = next;
      const key = prefix + node.edge;
      // All keys below begin with this one: they are before `start` if it is, unless it begins so too.
      if (key < start && !start.startsWith(key)) continue;
      if (node.value !== undefined && key >= start) yield {key, value: node.value};
      for (const child of node.children.toReversed()) pending.push({node: child, prefix: key});
    }
  }

  /** @throws Error that says which invariant does not hold; for tests */
  checkInvariants(): void {
    let size = 0;
    const pending = [...this.#root.children];
    checkAscending(this.#root);
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (node.edge === '') throw new Error('an edge is empty');
      if (node.value !== undefined) size += 1;
      else if (node.children.length < 2) throw new Error(`${node.edge} could be merged`);
      checkAscending(node);
      pending.push(...node.children);
    }
    if (size !== this.#size) throw new Error(`${size} keys were counted as ${this.#size}`);
  }
}

function newNode(edge: string, value: Node['value']): Node {
  return {edge, children: [], charCodes: [], value};
}

/** The child whose edge begins with the character, if there is one. */
function childFor({children, charCodes}: Node, charCode: number): Node | undefined {
  const index = firstNotBefore(charCodes, charCode);
  return charCodes[index] === charCode ? children[index] : undefined;
}

/** Binary search: the root has a child for each character that a key begins with. */
function firstNotBefore(charCodes: readonly number[], charCode: number): number {
  let low = 0;
  let high = charCodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((charCodes[middle] ?? 0) < charCode) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertChild({children, charCodes}: Node, child: Node): void {
  const charCode = child.edge.charCodeAt(0);
  const index = firstNotBefore(charCodes, charCode);
  children.splice(index, 0, child);
  charCodes.splice(index, 0, charCode);
}

/** Puts a node between `node` and what is below it, so that the edge ends after `length` characters. */
function split(node: Node, length: number): void {
  const {edge, children, charCodes, value} = node;
  const below = {edge: edge.slice(length), children, charCodes, value};
  node.edge = edge.slice(0, length);
  node.children = [below];
  node.charCodes = [below.edge.charCodeAt(0)];
  node.value = undefined;
}

/** How many characters `edge` and `key` have in common, the latter from `offset` on. */
function commonLength(edge: string, key: string, offset: number): number {
  let length = 1;
  while (length < edge.length && edge.charCodeAt(length) === key.charCodeAt(offset + length)) {
    length += 1;
  }
  return length;
}

function checkAscending({edge, children, charCodes}: Node): void {
  const firsts = children.map((child) => child.edge.charCodeAt(0));
  const isSorted = firsts.every((first, index) => index === 0 || (firsts[index - 1] ?? 0) < first);
  if (!isSorted) throw new Error(`children of "${edge}" do not ascend: ${firsts.join(' ')}`);
  if (firsts.join() !== charCodes.join()) throw new Error(`"${edge}" has wrong first characters`);
}
