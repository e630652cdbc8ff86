import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {BLOCK_BYTES, BLOCK_ENTRIES_MAX, type Block, decodeData, encodeData} from '../src/block.ts';
import {BlockCache} from '../src/block-cache.ts';
import {entriesOf} from '../src/merge.ts';
import {type Entry, OpenSSTable, TABLE_ENTRIES_MAX, writeSSTable} from '../src/sstable.ts';

const PATH = 'l0/sst-1.sst';
const KEY = fc.string({unit: fc.constantFrom('a', 'b', '_'), minLength: 1, maxLength: 64});
const VALUE = fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 64});

describe.each([false, true])('an SSTable, variable format: %s', (isVariable) => {
  it('has every entry and no other, and gives them back in order', async () => {
    const entry = fc.record<Entry>({key: KEY, value: fc.option(VALUE, {freq: 4})});
    const entries = fc
      .uniqueArray(entry, {selector: ({key}) => key, minLength: 1, maxLength: 150})
      .map((unsorted) => unsorted.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
    await fc.assert(
      fc.asyncProperty(entries, KEY, async (sorted, other) => {
        const {table} = await written(sorted, isVariable);
        expect([...entriesOf(table.stretches('', false))]).toEqual(sorted);
        expect([...entriesOf(table.stretches(other, false))]).toEqual(
          sorted.filter(({key}) => key >= other),
        );
        for (const {key, value} of sorted) expect(table.get(key)).toBe(value);
        const expected = sorted.find(({key}) => key === other)?.value;
        expect(table.get(other)).toBe(expected);
      }),
    );
  });

  it('tells keys apart that differ in their last character, or in their length', async () => {
    const lengths = Array.from({length: 32}, (_, index) => 2 * index + 2);
    const present = [...lengths.map((length) => 'a'.repeat(length)), `${'a'.repeat(63)}b`];
    const entries = present.map((key) => ({key, value: `of ${key.length}`}));
    const {table} = await written(entries, isVariable);
    for (const {key, value} of entries) expect(table.get(key)).toBe(value);
    const absent = lengths.map((length) => 'a'.repeat(length - 1));
    for (const key of [...absent, `${'a'.repeat(63)}c`]) expect(table.get(key)).toBeUndefined();
  });

  it('reads one block for a lookup, and with a cache none the second time', async () => {
    const {fileSystem, table} = await written(manyEntries(TABLE_ENTRIES_MAX), isVariable, 1e6);
    const before = fileSystem.operationCountOf('read');
    expect(table.get('key001000')).toBe('value 1000');
    expect(fileSystem.operationCountOf('read')).toBe(before + 1);
    expect(table.get('key001000')).toBe('value 1000');
    expect(fileSystem.operationCountOf('read')).toBe(before + 1);
    expect(table.get('a')).toBeUndefined();
    expect(fileSystem.operationCountOf('read')).toBe(before + 1);
  });

  it('with any bit changed answers as before or with an error', async () => {
    const entries = manyEntries(BLOCK_ENTRIES_MAX + 3);
    const {fileSystem} = await written(entries, isVariable);
    const bytes = fileSystem.readFileSync(PATH);
    let errors = 0;
    for (let offset = 0; offset < bytes.length; offset += 7) {
      const changed = bytes.slice();
      changed[offset] = (changed[offset] ?? 0) ^ (1 << (offset % 8));
      const table = await openBytes(changed);
      for (const {key, value} of entries) {
        try {
          expect(table.get(key)).toBe(value);
        } catch (error) {
          expect(error).toMatchObject({code: 'CORRUPTION', file: PATH});
          errors += 1;
        }
      }
    }
    expect(errors).toBeGreaterThan(100);
  });

  it('cut at any block is an error, not an absence', async () => {
    const entries = manyEntries(3 * BLOCK_ENTRIES_MAX);
    const {fileSystem} = await written(entries, isVariable);
    const bytes = fileSystem.readFileSync(PATH);
    for (let size = 0; size < bytes.length; size += BLOCK_BYTES / 8) {
      const table = await openBytes(bytes.slice(0, size));
      expect(() => table.get('key000092')).toThrow('damaged');
    }
  });

  it('with zeros instead of a part of it answers as before or with an error', async () => {
    const entries = manyEntries(3 * BLOCK_ENTRIES_MAX);
    const {fileSystem} = await written(entries, isVariable);
    const bytes = fileSystem.readFileSync(PATH);
    const parts = [0, BLOCK_BYTES, 2 * BLOCK_BYTES, 3 * BLOCK_BYTES, bytes.length];
    for (const [index, start] of parts.entries()) {
      const table = await openBytes(bytes.slice().fill(0, start, parts[index + 1]));
      const answers = entries.map(({key}) => answerOf(table, key));
      const isAsBefore = (answer: unknown, at: number) => answer === entries[at]?.value;
      expect(answers.every((answer, at) => answer === 'damaged' || isAsBefore(answer, at))).toBe(
        true,
      );
    }
  });
});

it('takes 1,953 entries, the last block half empty or full', async () => {
  for (const count of [1, 31, 32, TABLE_ENTRIES_MAX - 1, TABLE_ENTRIES_MAX]) {
    const {fileSystem, table} = await written(manyEntries(count), false);
    const blocks = 1 + Math.ceil(count / BLOCK_ENTRIES_MAX);
    expect(fileSystem.readFileSync(PATH).length).toBe(blocks * BLOCK_BYTES);
    expect([...entriesOf(table.stretches('', false))].length).toBe(count);
  }
});

it('takes the variable format for a value that has no room in the other', async () => {
  for (const value of ['', 'x'.repeat(65), 'x'.repeat(64 * 1024)]) {
    const {table} = await written([{key: 'a', value}], false);
    expect(table.get('a')).toBe(value);
  }
});

function answerOf(table: OpenSSTable, key: string): string | null | undefined {
  try {
    return table.get(key);
  } catch {
    return 'damaged';
  }
}

it('leaves its room in the cache to others when it is closed', async () => {
  const entries = manyEntries(2 * BLOCK_ENTRIES_MAX);
  const {sizeBytes} = decodeData(encodeData(entries.slice(0, BLOCK_ENTRIES_MAX))) as Block;
  const {fileSystem, blocks, table} = await written(entries, false, 2 * sizeBytes);
  await writeSSTable(fileSystem, 'l0/sst-2.sst', entries, false);
  const other = await OpenSSTable.open(fileSystem, 'l0/sst-2.sst', blocks);
  table.get('key000000');
  other.get('key000000');
  await other.close();
  table.get('key000040');
  const before = fileSystem.operationCountOf('read');
  table.get('key000000');
  expect(fileSystem.operationCountOf('read')).toBe(before);
});

function manyEntries(count: number): Entry[] {
  return Array.from({length: count}, (_, index) => ({
    key: `key${String(index).padStart(6, '0')}`,
    value: index % 10 === 9 ? null : `value ${index}`,
  }));
}

async function written(
  entries: readonly Entry[],
  isVariable: boolean,
  cacheBytes = 0,
): Promise<{fileSystem: MemoryFileSystem; blocks: BlockCache; table: OpenSSTable}> {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDir('l0');
  await writeSSTable(fileSystem, PATH, entries, isVariable);
  const blocks = new BlockCache(cacheBytes);
  const table = await OpenSSTable.open(fileSystem, PATH, blocks);
  return {fileSystem, blocks, table};
}

async function openBytes(bytes: Uint8Array): Promise<OpenSSTable> {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDir('l0');
  const file = await fileSystem.open(PATH, 'create');
  await file.append(bytes);
  return OpenSSTable.open(fileSystem, PATH, new BlockCache(0));
}
