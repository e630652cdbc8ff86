/**
 * References changed in ways that the contract accepts: no check may fail them.
 */
import type {Variant} from './mutant.ts';

interface Accepted extends Variant {
  /** The checks that it must pass. */
  readonly passes: readonly string[];
}

const FILES_OF_BLOCKS = ['block-edges', 'files-blocks', 'block-damage', 'stray-files'];

export const ACCEPTED: readonly Accepted[] = [
  {
    name: 'accepted-late-flush',
    week: 4,
    bug: 'a full memtable is flushed by the next write, which finds no room in it',
    passes: ['files-compaction', 'delete-flushed'],
    edits: [
      {
        file: 'engine.ts',
        find: '      if (this.#isMemtableFull()) await this.#flush();\n      if (this.#updates',
        replace: '      if (this.#updates',
      },
    ],
  },
  {
    name: 'accepted-half-open-ranges',
    week: 5,
    bug: 'a range in MANIFEST ends with a key that is behind all keys of its file',
    passes: ['files-levels', 'manifest-damage'],
    edits: [
      {
        file: 'manifest.ts',
        find: '`${minKey}-${maxKey}: ${name}\\n`',
        replace: '`${minKey}-${maxKey}a: ${name}\\n`',
      },
      {
        file: 'manifest.ts',
        find: '{path: `l${level}/${name}`, minKey, maxKey};',
        replace: '{path: `l${level}/${name}`, minKey, maxKey: maxKey.slice(0, -1)};',
      },
    ],
  },
  {
    name: 'accepted-second-manifest',
    week: 5,
    bug: 'there is a copy of MANIFEST, which takes its place if it is damaged',
    passes: ['manifest-damage'],
    edits: [
      {
        file: 'manifest.ts',
        find: '      const listed = parseLevels(text, present);\n',
        replace: `      let listed: SSTable[][];
      try {
        listed = parseLevels(text, present);
      } catch {
        const copy = await fileSystem.readFile('MANIFEST.copy');
        listed = parseLevels(new TextDecoder().decode(copy), present);
        await publish(fileSystem, listed);
      }
`,
      },
      {
        file: 'manifest.ts',
        find: '  await fileSystem.rename(MANIFEST_TMP, MANIFEST);\n',
        replace: `  const copy = await fileSystem.open('MANIFEST.copy', 'create');
  await copy.append(new TextEncoder().encode(text));
  await copy.sync();
  await copy.close();
  await fileSystem.rename(MANIFEST_TMP, MANIFEST);
`,
      },
    ],
  },
  {
    name: 'accepted-other-checksums',
    week: 6,
    bug: 'CRC-64/WE in big-endian order, none in the index, and two SSTables for a memtable of 2,000',
    passes: [...FILES_OF_BLOCKS, 'compaction-damage', 'manifest-damage'],
    edits: [
      {
        file: 'crc64.ts',
        find: '  let high = 0;\n  let low = 0;\n  let offset = 0;',
        replace: '  let high = -1;\n  let low = -1;\n  let offset = 0;',
      },
      {
        file: 'crc64.ts',
        find: '  return {high: high >>> 0, low: low >>> 0};',
        replace: '  return {high: ~high >>> 0, low: ~low >>> 0};',
      },
      {
        file: 'crc64.ts',
        find: '  view.setUint32(0, low, true);\n  view.setUint32(4, high, true);',
        replace: '  view.setUint32(0, high);\n  view.setUint32(4, low);',
      },
      {
        file: 'crc64.ts',
        find: '  return view.getUint32(0, true) === low && view.getUint32(4, true) === high;',
        replace: '  return view.getUint32(0) === high && view.getUint32(4) === low;',
      },
      {file: 'block.ts', find: '  writeCrc64(block, INDEX_CRC, block);\n', replace: ''},
      {
        file: 'block.ts',
        find: '  if (block[0] === 0 || !matchesCrc64(block, INDEX_CRC, zeroed)) return undefined;',
        replace: '  void zeroed;',
      },
      {
        file: 'options.ts',
        find: '  memtableEntriesMax: 1_953,',
        replace: '  memtableEntriesMax: 2_000,',
      },
      {
        file: 'engine.ts',
        find: '    if (allOptions.memtableEntriesMax > TABLE_ENTRIES_MAX) {',
        replace: '    if (allOptions.memtableEntriesMax > 2 * TABLE_ENTRIES_MAX) {',
      },
      {
        file: 'engine.ts',
        find: '    await this.#tables.write(name, entries);\n    await this.#manifest.append(name);',
        replace:
          '    await this.#tables.write(name, entries.slice(0, TABLE_ENTRIES_MAX));\n    await this.#manifest.append(name);\n    const rest = sstablePath(0, this.#nextId++);\n    await this.#tables.write(rest, entries.slice(TABLE_ENTRIES_MAX));\n    await this.#manifest.append(rest);',
      },
      {
        file: 'engine.ts',
        find: '      this.#options.memtableEntriesMax,\n    );\n    await this.#manifest',
        replace: '      TABLE_ENTRIES_MAX,\n    );\n    await this.#manifest',
      },
    ],
  },
  {
    name: 'accepted-refuses-damage',
    week: 6,
    bug: 'a start reads every block, and refuses if one is damaged',
    passes: ['block-damage', 'compaction-damage', 'stray-files'],
    edits: [
      {
        file: 'sstable.ts',
        find: '      return new OpenSSTable(path, file, index, blocks);',
        replace:
          "      const table = new OpenSSTable(path, file, index, blocks);\n      Array.from(table.stretches('', false));\n      return table;",
      },
    ],
  },
  {
    name: 'accepted-bare-filters',
    week: 7,
    bug: 'filters are their bits alone, and a damaged block is taken for one without the key',
    passes: ['files-bloom', 'filter-damage', 'filter-asked', 'block-damage'],
    edits: [
      {
        file: 'bloom-filter.ts',
        find: '  static decode(bytes: Uint8Array): BloomFilter | undefined {',
        replace:
          '  static decode(bytes: Uint8Array): BloomFilter | undefined {\n    if (bytes.length !== FILTER_BYTES) return undefined;\n    if (bytes.length > 0) return new BloomFilter(DEFAULT_SEEDS, false, bytes.slice());',
      },
      {
        file: 'bloom-filter.ts',
        find: '  encode(): Uint8Array {',
        replace: '  encode(): Uint8Array {\n    if (this.#bits.length > 0) return this.#bits;',
      },
      {
        file: 'table-cache.ts',
        find: '    return this.get(path).get(key);',
        replace:
          '    try {\n      return this.get(path).get(key);\n    } catch {\n      return undefined;\n    }',
      },
    ],
  },
  {
    name: 'accepted-files-until-the-start',
    week: 8,
    bug: 'each write has a sync of its own, and files that nobody uses stay until the next start',
    passes: ['kill-in-background', 'files-versions', 'manifest-damage'],
    edits: [
      {file: 'options.ts', find: '  groupCommit: true,', replace: '  groupCommit: false,'},
      {
        file: 'removals.ts',
        find: '    void this.#queue.run(async () => {\n      for (const path of paths) {',
        replace:
          '    void this.#queue.run(async () => {\n      for (const path of paths.slice(0, 0)) {',
      },
    ],
  },
];
