/**
 * SSTables: immutable files of sorted entries, no key twice. The first block is
 * the index: the first keys of the data blocks, which follow in the same order.
 *
 *   l0/sst-1.sst     0   index block
 *                 4096   data block 0
 *                 8192   data block 1
 *                    …
 *
 * The index is kept in memory. It says which block could have a key, and that
 * block is read, checked and searched: one read of 4 KiB, whatever the size of
 * the file. A block whose checksum does not match is an error, never an answer.
 *
 * Simplification, and its cost: an entry takes 128 bytes, however short it is.
 */
import {corruption} from '@kv-workshop/shared/errors';
import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import {parentPath} from '@kv-workshop/shared/relative-path';
import {
  BLOCK_BYTES,
  BLOCK_ENTRIES_MAX,
  type Block,
  decodeData,
  decodeIndex,
  encodeData,
  encodeIndex,
  INDEX_KEYS_MAX,
  isBlockValue,
} from './block.ts';
import type {BlockCache} from './block-cache.ts';
import {compareKeys} from './compare-keys.ts';
import type {Stretch} from './merge.ts';
import {SortedKeys} from './sorted-keys.ts';
import {encodeVariable, isVariable, readVariableIndex} from './variable-format.ts';

/** What is known of a key. */
export interface Entry {
  readonly key: string;
  /** Null if the key was deleted: the entry is then a tombstone, which hides all older ones. */
  readonly value: string | null;
}

/** What an index tells of the data blocks. */
export interface TableIndex {
  /** Ascending, one for each block. */
  readonly firstKeys: readonly string[];
  locate(block: number): {readonly offset: number; readonly length: number};
  /** Undefined if the checksum does not match. */
  decode(bytes: Uint8Array): Block | undefined;
}

/** So many entries fit into an SSTable. */
export const TABLE_ENTRIES_MAX = INDEX_KEYS_MAX * BLOCK_ENTRIES_MAX;
const PATH = /^l[0-9]+\/sst-([1-9][0-9]*)\.sst$/;

export function sstablePath(level: number, id: number): string {
  return `l${level}/sst-${id}.sst`;
}

/** The id in an SSTable's path, or undefined if `path` is not one. */
export function sstableId(path: string): number | undefined {
  const digits = PATH.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Replaces a file of that name. Once settled, the file and its name are durable.
 * REQUIRES: `entries` ascend by key, each key once, TABLE_ENTRIES_MAX at most.
 */
export async function writeSSTable(
  fileSystem: FileSystem,
  name: string,
  entries: readonly Entry[],
  variableFormat = false,
): Promise<void> {
  const hasRoom = entries.every(({value}) => value === null || isBlockValue(value));
  const bytes = variableFormat || !hasRoom ? encodeVariable(entries) : encodeTable(entries);
  const file = await fileSystem.open(name, 'create');
  try {
    await file.append(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await fileSystem.syncDir(parentPath(name));
}

function encodeTable(entries: readonly Entry[]): Uint8Array {
  const blockCount = Math.ceil(entries.length / BLOCK_ENTRIES_MAX);
  const table = new Uint8Array(BLOCK_BYTES * (1 + blockCount));
  const firstKeys: string[] = [];
  for (let block = 0; block < blockCount; block++) {
    const start = block * BLOCK_ENTRIES_MAX;
    const inBlock = entries.slice(start, start + BLOCK_ENTRIES_MAX);
    firstKeys.push(inBlock[0]?.key ?? '');
    table.set(encodeData(inBlock), BLOCK_BYTES * (1 + block));
  }
  table.set(encodeIndex(firstKeys));
  return table;
}

export class OpenSSTable {
  readonly #path: string;
  readonly #id: number;
  readonly #file: File;
  /** Undefined if its checksum does not match: the file can be listed, but not be read. */
  readonly #index: TableIndex | undefined;
  readonly #firstKeys: SortedKeys;
  readonly #blocks: BlockCache;

  private constructor(path: string, file: File, index: TableIndex | undefined, blocks: BlockCache) {
    this.#path = path;
    this.#id = sstableId(path) ?? 0;
    this.#file = file;
    this.#index = index;
    this.#firstKeys = new SortedKeys(index?.firstKeys ?? []);
    this.#blocks = blocks;
  }

  static async open(files: FileSystem, path: string, blocks: BlockCache): Promise<OpenSSTable> {
    const file = await files.open(path, 'read');
    try {
      const page = file.readSync(0, BLOCK_BYTES);
      const index = isVariable(page) ? await readVariableIndex(file, page) : indexOf(page);
      return new OpenSSTable(path, file, index, blocks);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Null if there is a tombstone, undefined if there is no entry.
   * @throws KvError CORRUPTION, or the file operation's error
   */
  get(key: string): string | null | undefined {
    this.#checkedIndex();
    const position = this.#firstKeys.lastNotBehind(key);
    return position === -1 ? undefined : this.#readBlock(position, true).get(key);
  }

  /**
   * The entries from the key `from` on, ascending, each block read when it is needed.
   * @param fillsCache whether the blocks are likely to be read again
   * @throws KvError CORRUPTION, or the file operation's error
   */
  *stretches(from: string, fillsCache: boolean): Generator<Stretch> {
    const {firstKeys} = this.#checkedIndex();
    const first = this.#firstKeys.lastNotBehind(from);
    for (let position = Math.max(0, first); position < firstKeys.length; position++) {
      const block = this.#readBlock(position, fillsCache);
      let start = 0;
      while (start < block.count && compareKeys(block.keyAt(start), from) < 0) start += 1;
      yield {block, start, end: block.count};
    }
  }

  async close(): Promise<void> {
    this.#blocks.forget(this.#id);
    await this.#file.close();
  }

  #readBlock(position: number, fillsCache: boolean): Block {
    const cached = this.#blocks.get(this.#id, position);
    if (cached !== undefined) return cached;
    const index = this.#checkedIndex();
    const {offset, length} = index.locate(position);
    const block = index.decode(this.#file.readSync(offset, length));
    // The checksum of zeros is zero, so a block that was never written would pass as empty.
    const isRight = block?.keyAt(0) === index.firstKeys[position];
    if (block === undefined || !isRight) throw damaged(this.#path, offset);
    if (fillsCache) this.#blocks.set(this.#id, position, block);
    return block;
  }

  #checkedIndex(): TableIndex {
    if (this.#index === undefined) throw damaged(this.#path, 0);
    return this.#index;
  }
}

function indexOf(page: Uint8Array): TableIndex | undefined {
  const firstKeys = decodeIndex(page);
  if (firstKeys === undefined) return undefined;
  const locate = (block: number) => ({offset: BLOCK_BYTES * (1 + block), length: BLOCK_BYTES});
  return {firstKeys, locate, decode: decodeData};
}

function damaged(path: string, offset: number): Error {
  return corruption(path, offset, 'this block is damaged: its checksum or first key is wrong');
}
