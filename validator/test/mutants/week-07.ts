import type {Mutant} from './mutant.ts';

const ADD_KEYS = '    for (const {key} of entries) filter.add(key);';
const PUT_ENDS = '    if (node.value === undefined) this.#size += 1;\n    node.value = value;';
const REBUILT =
  '      this.#filters.set(path, filter);\n      await writeFilter(this.#fileSystem, path, filter);';

export const WEEK_07: readonly Mutant[] = [
  {
    name: 'filter-misses-tombstones',
    week: 7,
    bug: 'the keys of tombstones are left out of the Bloom filter',
    caughtBy: 'files-bloom',
    edits: [
      {
        file: 'table-cache.ts',
        find: ADD_KEYS,
        replace: '    for (const {key, value} of entries) if (value !== null) filter.add(key);',
      },
    ],
  },
  {
    name: 'filter-with-one-probe',
    week: 7,
    bug: 'a key sets and asks for one bit instead of five',
    caughtBy: 'files-bloom',
    edits: [{file: 'bloom-filter.ts', find: 'const PROBES = 5;', replace: 'const PROBES = 1;'}],
  },
  {
    name: 'hash-cut-to-32-bits',
    week: 7,
    bug: 'only the lower 32 bits of a hash count',
    caughtBy: 'files-bloom',
    edits: [
      {
        file: 'key-hash.ts',
        find: '  return ((high % divisor) * (2 ** 32 % divisor) + low) % divisor;',
        replace: '  void high;\n  return low % divisor;',
      },
    ],
  },
  {
    name: 'compaction-writes-no-filter',
    week: 7,
    bug: 'only a flush writes the file of a filter, a compaction does not',
    caughtBy: 'files-bloom',
    edits: [
      {
        file: 'table-cache.ts',
        find: '      await writeFilter(this.#fileSystem, path, filter);\n      this.#filters.set(path, filter);',
        replace:
          "      if (path.startsWith('l0/')) await writeFilter(this.#fileSystem, path, filter);\n      this.#filters.set(path, filter);",
      },
    ],
  },
  {
    name: 'filter-removed-as-orphan',
    week: 7,
    bug: 'a start removes filters, which MANIFEST does not list, and makes new ones in memory only',
    caughtBy: 'files-bloom',
    edits: [
      {
        file: 'orphans.ts',
        find: '    if (!isOurs || listed.includes(tablePath(name))) continue;',
        replace: '    if (!isOurs || listed.includes(name)) continue;',
      },
      {
        file: 'table-cache.ts',
        find: REBUILT,
        replace: '      this.#filters.set(path, filter);',
      },
    ],
  },
  {
    name: 'filter-checksum-ignored',
    week: 7,
    bug: 'the checksum of a filter is stored, and never compared',
    caughtBy: 'filter-damage',
    edits: [
      {
        file: 'bloom-filter.ts',
        find: '    if (!matchesCrc64(bytes, crcOffset, bytes.subarray(0, crcOffset))) return undefined;\n',
        replace: '    void matchesCrc64;\n',
      },
    ],
  },
  {
    name: 'missing-filter-denies-all',
    week: 7,
    bug: 'where the file of a filter is missing, an empty filter takes its place',
    caughtBy: 'filter-damage',
    edits: [
      {
        file: 'filter-file.ts',
        find: '  } catch {\n    return undefined;',
        replace: '  } catch {\n    return new BloomFilter();',
      },
    ],
  },
  {
    name: 'filter-never-asked',
    week: 7,
    bug: 'the filter is built, stored and loaded, and never asked',
    caughtBy: 'filter-asked',
    edits: [
      {
        file: 'table-cache.ts',
        find: '    if (this.#filters.get(path)?.mayHave(key) === false) return undefined;\n',
        replace: '',
      },
    ],
  },
  {
    name: 'trie-edge-not-compared',
    week: 7,
    bug: 'a lookup in the trie compares the first letter of an edge only',
    caughtBy: 'prefix-keys',
    edits: [
      {
        file: 'radix-trie.ts',
        find: '      if (commonLength(node.edge, key, offset) < node.edge.length) return undefined;\n',
        replace: '',
      },
      // What stands before the trie would hide it from most lookups.
      {
        file: 'memtable.ts',
        find: '    return mayBeHere ? this.#entries.get(key) : undefined;',
        replace: '    return this.#entries.get(key);',
      },
    ],
  },
  {
    name: 'trie-delete-takes-subtree',
    week: 7,
    bug: 'a DELETE of a key takes the keys that begin with it along',
    caughtBy: 'prefix-keys',
    edits: [
      {
        file: 'radix-trie.ts',
        find: PUT_ENDS,
        replace: `${PUT_ENDS}\n    if (value === null) node.children = [];`,
      },
    ],
  },
  {
    name: 'trie-split-keeps-old-value',
    week: 7,
    bug: 'a key that ends in the middle of an edge is not stored when the edge is split',
    caughtBy: 'prefix-keys',
    edits: [
      {
        file: 'radix-trie.ts',
        find: '      if (length < child.edge.length) split(child, length);\n',
        replace:
          '      if (length < child.edge.length) {\n        split(child, length);\n        if (offset + length === key.length) return;\n      }\n',
      },
    ],
  },
  {
    name: 'trie-emptied-at-100',
    week: 7,
    bug: 'the trie begins anew when it has 100 entries, without a flush',
    caughtBy: 'replay-week-07-short',
    edits: [
      {
        file: 'memtable.ts',
        find: '    this.#entries.put(key, value);',
        replace:
          '    if (this.size >= 100) this.#entries = new RadixTrie();\n    this.#entries.put(key, value);',
      },
    ],
  },
  {
    name: 'filter-of-first-keys',
    week: 7,
    bug: 'a filter takes the first 1,000 keys of its SSTable, and no more',
    caughtBy: 'replay-week-07',
    edits: [
      {
        file: 'table-cache.ts',
        find: ADD_KEYS,
        replace: '    for (const {key} of Array.from(entries).slice(0, 1_000)) filter.add(key);',
      },
    ],
  },
];
