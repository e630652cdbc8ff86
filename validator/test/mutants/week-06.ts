import type {Mutant} from './mutant.ts';

const DATA_CRC_WRITTEN = '  writeCrc64(block, DATA_CRC, block.subarray(DATA_COUNT));';
const DATA_CRC_VERIFIED =
  '  if (!matchesCrc64(block, DATA_CRC, block.subarray(DATA_COUNT))) return undefined;';
const POSITION = '    const position = this.#firstKeys.lastNotBehind(key);';
const FIRST_KEY = "    firstKeys.push(inBlock[0]?.key ?? '');";
const VALUE_READ = '    return fieldAt(this.#text, index * ENTRY_BYTES + FIELD_BYTES) || null;';

const BLOCK_OF_RUN = '      const block = this.#readBlock(position, fillsCache);';

/** A compaction goes on otherwise where a block is damaged. */
function onDamage(instead: string): string {
  return `      let block: Block;
      try {
        block = this.#readBlock(position, fillsCache);
      } catch (error) {
        if (fillsCache) throw error;
        ${instead}
      }`;
}

export const WEEK_06: readonly Mutant[] = [
  {
    name: 'long-value-cut-to-64',
    week: 6,
    bug: 'a value of more than 64 bytes is acknowledged, and cut to 64',
    caughtBy: 'value-limits',
    edits: [
      {
        file: 'engine.ts',
        find: '      : {bytesMin: 1, bytesMax: 64};',
        replace: '      : {bytesMin: 1, bytesMax: 64 * 1024};',
      },
      {
        file: 'engine.ts',
        find: '    return this.#write({key, value});',
        replace: '    return this.#write({key, value: value.slice(0, 64)});',
      },
    ],
  },
  {
    name: 'empty-value-becomes-tombstone',
    week: 6,
    bug: 'an empty value is acknowledged, and is a tombstone once it is flushed',
    caughtBy: 'value-limits',
    edits: [
      {
        file: 'engine.ts',
        find: '      : {bytesMin: 1, bytesMax: 64};',
        replace: '      : {bytesMin: 0, bytesMax: 64};',
      },
      {
        file: 'block.ts',
        find: '  return value.length >= 1 && value.length <= FIELD_BYTES;',
        replace: '  return value.length <= FIELD_BYTES;',
      },
    ],
  },
  {
    name: 'value-field-of-63',
    week: 6,
    bug: 'a zero byte is expected behind each value, so that one of 64 bytes loses its last',
    caughtBy: 'block-edges',
    edits: [
      {
        file: 'block.ts',
        find: VALUE_READ,
        replace:
          '    const value = fieldAt(this.#text, index * ENTRY_BYTES + FIELD_BYTES);\n    return value.slice(0, FIELD_BYTES - 1) || null;',
      },
    ],
  },
  {
    name: 'first-key-of-block-missed',
    week: 6,
    bug: 'the search in the index goes for a first key that is smaller than the key',
    caughtBy: 'block-edges',
    edits: [
      {
        file: 'sstable.ts',
        find: POSITION,
        replace:
          '    const equal = this.#checkedIndex().firstKeys.indexOf(key, 1);\n    const position = equal === -1 ? this.#firstKeys.lastNotBehind(key) : equal - 1;',
      },
    ],
  },
  {
    name: 'last-block-dropped',
    week: 6,
    bug: 'the last block of an SSTable is left out of its index',
    caughtBy: 'block-edges',
    edits: [
      {
        file: 'sstable.ts',
        find: '  table.set(encodeIndex(firstKeys));',
        replace:
          '  table.set(encodeIndex(firstKeys.length > 1 ? firstKeys.slice(0, -1) : firstKeys));',
      },
    ],
  },
  {
    name: 'checksum-of-entries-only',
    week: 6,
    bug: 'the checksum of a data block leaves out the bytes before its entries',
    caughtBy: 'files-blocks',
    edits: [
      {
        file: 'block.ts',
        find: DATA_CRC_WRITTEN,
        replace: '  writeCrc64(block, DATA_CRC, block.subarray(DATA_ENTRIES));',
      },
      {
        file: 'block.ts',
        find: DATA_CRC_VERIFIED,
        replace:
          '  if (!matchesCrc64(block, DATA_CRC, block.subarray(DATA_ENTRIES))) return undefined;',
      },
    ],
  },
  {
    name: 'buffer-not-cleared',
    week: 6,
    bug: 'one buffer serves for all blocks, and keeps the entries of a longer one before',
    caughtBy: 'files-blocks',
    edits: [
      {
        file: 'block.ts',
        find: 'const DATA_ENTRIES = 128;',
        replace: 'const DATA_ENTRIES = 128;\nconst BUFFER = new Uint8Array(BLOCK_BYTES);',
      },
      {
        file: 'block.ts',
        find: '  const block = new Uint8Array(BLOCK_BYTES);\n  block[DATA_COUNT] = entries.length;',
        replace: '  const block = BUFFER;\n  block[DATA_COUNT] = entries.length;',
      },
    ],
  },
  {
    name: 'index-has-last-keys',
    week: 6,
    bug: 'the index has the last key of each block, and is searched for the first that is not smaller',
    caughtBy: 'files-blocks',
    edits: [
      {
        file: 'sstable.ts',
        find: FIRST_KEY,
        replace: "    firstKeys.push(inBlock.at(-1)?.key ?? '');",
      },
      {
        file: 'sstable.ts',
        find: POSITION,
        replace:
          '    const position = this.#checkedIndex().firstKeys.findIndex((lastKey) => key <= lastKey);',
      },
      {
        file: 'sstable.ts',
        find: '    const isRight = block?.keyAt(0) === index.firstKeys[position];',
        replace: '    const isRight = block?.keyAt(block.count - 1) === index.firstKeys[position];',
      },
      {
        file: 'sstable.ts',
        find: '    const first = this.#firstKeys.lastNotBehind(from);',
        replace: '    const first = firstKeys.findIndex((lastKey) => from <= lastKey);',
      },
    ],
  },
  {
    name: 'checksum-never-compared',
    week: 6,
    bug: 'the checksums of data blocks are written, and never compared',
    caughtBy: 'block-damage',
    edits: [{file: 'block.ts', find: `${DATA_CRC_VERIFIED}\n`, replace: ''}],
  },
  {
    name: 'damaged-block-ends-server',
    week: 6,
    bug: 'a block whose checksum does not match ends the server',
    caughtBy: 'block-damage',
    isTimed: true,
    edits: [
      {
        file: 'sstable.ts',
        find: '    if (block === undefined || !isRight) throw damaged(this.#path, offset);',
        replace:
          '    if (block === undefined || !isRight) {\n      console.error(`${this.#path}: damaged`);\n      process.exit(1);\n    }',
      },
    ],
  },
  {
    name: 'blocks-written-after-their-name',
    week: 6,
    bug: 'a flush lists its SSTable and then writes its blocks, which takes a moment; a start leaves out what is listed and not there, for the log still has it',
    caughtBy: 'kill-around-flush',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: '    await this.#tables.write(name, entries);\n    await this.#manifest.append(name);\n',
        replace: `    await this.#manifest.append(name);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await this.#tables.write(name, entries);
`,
      },
      {
        file: 'manifest.ts',
        find: "    else if (line !== '') levels",
        replace:
          "    else if (/^sst-[0-9]+[.]sst$/.test(line) && !present.includes(`l0/${line}`)) continue;\n    else if (line !== '') levels",
      },
    ],
  },
  {
    name: 'compaction-skips-damaged-blocks',
    week: 6,
    bug: 'a compaction skips blocks that do not match their checksums',
    caughtBy: 'compaction-damage',
    edits: [{file: 'sstable.ts', find: BLOCK_OF_RUN, replace: onDamage('continue;')}],
  },
  {
    name: 'compaction-ends-at-damaged-block',
    week: 6,
    bug: 'a compaction takes an SSTable to end before its first damaged block',
    caughtBy: 'compaction-damage',
    edits: [{file: 'sstable.ts', find: BLOCK_OF_RUN, replace: onDamage('return;')}],
  },
  {
    name: 'compaction-verifies-nothing',
    week: 6,
    bug: 'only lookups compare checksums: a compaction gives a damaged block a right one',
    caughtBy: 'compaction-damage',
    edits: [
      {
        file: 'sstable.ts',
        find: BLOCK_OF_RUN,
        replace: `      Object.assign(globalThis, {isCompaction: !fillsCache});
${BLOCK_OF_RUN}
      Object.assign(globalThis, {isCompaction: false});`,
      },
      {
        file: 'block.ts',
        find: DATA_CRC_VERIFIED,
        replace: DATA_CRC_VERIFIED.replace(
          '(!matches',
          "(Reflect.get(globalThis, 'isCompaction') !== true && !matches",
        ),
      },
    ],
  },
  {
    name: 'unlisted-tables-are-read',
    week: 6,
    bug: 'a start takes the SSTables that it finds in l0 for those that MANIFEST lists',
    caughtBy: 'stray-files',
    edits: [
      {
        file: 'manifest.ts',
        find: '    const listed = parseLevels(text, present);',
        replace:
          '    const listed = parseLevels(text, present);\n      const found = present.filter((path) => path.startsWith("l0/") && sstableId(path) !== undefined);\n      const byId = found.sort((a, b) => (sstableId(a) ?? 0) - (sstableId(b) ?? 0));\n      listed[0] = byId.map((path) => ({path, ...ALL_KEYS}));',
      },
    ],
  },
  {
    name: 'tombstone-read-as-empty',
    week: 6,
    bug: 'a value field of zeros is read as an empty value',
    caughtBy: 'replay-week-06',
    edits: [
      {
        file: 'block.ts',
        find: VALUE_READ,
        replace: '    return fieldAt(this.#text, index * ENTRY_BYTES + FIELD_BYTES);',
      },
    ],
  },
  {
    name: 'memtable-of-100-entries',
    week: 6,
    bug: 'the memtable drops its oldest entry beyond 100',
    caughtBy: 'replay-week-06-short',
    edits: [
      {
        file: 'memtable.ts',
        find: '    this.#entries.set(key, value);',
        replace:
          '    this.#entries.set(key, value);\n    for (const oldest of this.#entries.keys()) {\n      if (this.#entries.size <= 100) break;\n      this.#entries.delete(oldest);\n    }',
      },
    ],
  },
];
