import type {Mutant} from './mutant.ts';

const FLUSH_IF_FULL =
  '      this.#absentKeys.remove(key);\n      if (this.#isMemtableFull()) await this.#flush();';
const ENTRIES = '    const entries = this.#memtable.sorted();';
const NEWEST_FIRST = 'of this.#manifest.names.toReversed()) {';
const NAMES_READ = '    return new Manifest(file, names);';

export const WEEK_02: readonly Mutant[] = [
  {
    name: 'negative-cache-not-invalidated',
    week: 2,
    bug: 'a PUT leaves its key among those known to be absent',
    caughtBy: 'absent-then-put',
    edits: [
      {
        file: 'engine.ts',
        find: FLUSH_IF_FULL,
        replace: '      if (this.#isMemtableFull()) await this.#flush();',
      },
      {
        file: 'engine.ts',
        find: '      const value = this.#memtable.get(key);\n      if (value !== undefined) return value;\n      if (this.#absentKeys.has(key)) return undefined;',
        replace:
          '      if (this.#absentKeys.has(key)) return undefined;\n      const value = this.#memtable.get(key);\n      if (value !== undefined) return value;',
      },
      {
        file: 'options.ts',
        find: 'negativeCacheKeysMax: 0,',
        replace: 'negativeCacheKeysMax: 1_000,',
      },
    ],
  },
  {
    name: 'hangs-on-flush',
    week: 2,
    bug: 'the write that fills the memtable is never answered',
    caughtBy: 'flush-readback',
    edits: [
      {file: 'engine.ts', find: ENTRIES, replace: `    await new Promise(() => {});\n${ENTRIES}`},
    ],
  },
  {
    name: 'crashes-on-flush',
    week: 2,
    bug: 'a flush that fails ends the server',
    caughtBy: 'flush-readback',
    isTimed: true,
    edits: [
      {
        file: 'engine.ts',
        find: ENTRIES,
        replace: `    setTimeout(() => {\n      console.error('flush: cannot write sst-1.json');\n      process.exit(1);\n    }, 0);\n    await new Promise(() => {});\n${ENTRIES}`,
      },
    ],
  },
  {
    name: 'last-entry-not-flushed',
    week: 2,
    bug: 'the flush leaves out the largest key',
    caughtBy: 'flush-readback',
    edits: [
      {
        file: 'engine.ts',
        find: ENTRIES,
        replace: '    const entries = this.#memtable.sorted().slice(0, -1);',
      },
    ],
  },
  {
    name: 'only-newest-sstable-read',
    week: 2,
    bug: 'a lookup gives up after the newest SSTable',
    caughtBy: 'flush-readback',
    edits: [
      {
        file: 'engine.ts',
        find: NEWEST_FIRST,
        replace: 'of this.#manifest.names.toReversed().slice(0, 1)) {',
      },
    ],
  },
  {
    name: 'oldest-sstable-wins',
    week: 2,
    bug: 'SSTables are read from the oldest to the newest',
    caughtBy: 'newest-wins',
    edits: [{file: 'engine.ts', find: NEWEST_FIRST, replace: 'of this.#manifest.names) {'}],
  },
  {
    name: 'memory-only',
    week: 2,
    bug: 'nothing is ever written to disk',
    caughtBy: 'restart-keeps-flushed',
    edits: [
      {file: 'engine.ts', find: FLUSH_IF_FULL, replace: '      this.#absentKeys.remove(key);'},
      {
        file: 'engine.ts',
        find: '      // Still full only if the last flush failed: then no more until one succeeds.\n      if (this.#isMemtableFull()) await this.#flush();\n',
        replace: '',
      },
    ],
  },
  {
    name: 'manifest-emptied-on-start',
    week: 2,
    bug: 'MANIFEST is opened so that it is created anew',
    caughtBy: 'restart-keeps-flushed',
    edits: [
      {
        file: 'manifest.ts',
        find: "    const file = await fileSystem.open(MANIFEST, 'append');",
        replace: "    const file = await fileSystem.open(MANIFEST, 'create');",
      },
    ],
  },
  {
    name: 'manifest-order-lost',
    week: 2,
    bug: 'after a start the SSTables are read in the order of their names, sst-10 before sst-2',
    caughtBy: 'order-after-restart',
    edits: [
      {
        file: 'manifest.ts',
        find: NAMES_READ,
        replace: '    return new Manifest(file, names.sort());',
      },
    ],
  },
  {
    name: 'newest-two-change-places',
    week: 2,
    bug: 'after a start the two newest SSTables are read in the wrong order',
    caughtBy: 'order-after-restart',
    edits: [
      {
        file: 'manifest.ts',
        find: NAMES_READ,
        replace:
          '    return new Manifest(file, [...names.slice(0, -2), ...names.slice(-2).reverse()]);',
      },
    ],
  },
  {
    name: 'id-reused-after-restart',
    week: 2,
    bug: 'after a start the ids of SSTables begin at 1 again',
    caughtBy: 'ids-after-restart',
    edits: [
      {
        file: 'engine.ts',
        find: '    this.#nextId = manifest.nextId();',
        replace: '    this.#nextId = 1;',
      },
    ],
  },
  {
    name: 'sstable-unsorted',
    week: 2,
    bug: 'entries are flushed in the order in which they were written',
    caughtBy: 'files-sstables',
    edits: [
      {
        file: 'memtable.ts',
        find: '    return entries.sort((a, b) => (a.key < b.key ? -1 : 1));',
        replace: '    return entries;',
      },
    ],
  },
  {
    name: 'missing-manifest-ignored',
    week: 2,
    bug: 'without MANIFEST the server starts empty, beside the data it ignores',
    caughtBy: 'manifest-missing',
    edits: [
      {
        file: 'manifest.ts',
        find: '    if (!present.includes(MANIFEST)) refuseUnlistedData(present);\n',
        replace: '    void refuseUnlistedData;\n',
      },
    ],
  },
  {
    name: 'memtable-of-100-keys',
    week: 2,
    bug: 'the memtable drops its oldest key beyond 100',
    caughtBy: 'replay-week-02-short',
    edits: [
      {
        file: 'memtable.ts',
        find: '    this.#entries.set(key, value);',
        replace:
          '    this.#entries.set(key, value);\n    for (const oldest of this.#entries.keys()) {\n      if (this.#entries.size <= 100) break;\n      this.#entries.delete(oldest);\n    }',
      },
    ],
  },
  {
    name: 'sstable-prefix-match',
    week: 2,
    bug: 'a lookup in an SSTable takes the first key that begins with the key asked for',
    caughtBy: 'replay-week-02',
    edits: [
      {
        file: 'sstable.ts',
        find: '  const start = text.indexOf(`\\n{"key":"${key}",`) + 1;',
        replace: '  const start = text.indexOf(`\\n{"key":"${key}`) + 1;',
      },
    ],
  },
  {
    name: 'state-outside-the-data-folder',
    week: 2,
    bug: 'the files are in the folder that the server runs in, whatever data folder it is given',
    caughtBy: 'data-folder-only',
    edits: [
      {
        file: 'shared/src/run-server.ts',
        find: '  const fileSystem = await NodeFileSystem.open(args.dataDir);',
        // A folder for each run of the grader, so that none finds what another has left behind.
        replace:
          '  const folder = `${process.cwd()}/state-${process.ppid}`;\n  const fileSystem = await NodeFileSystem.open(folder);',
      },
    ],
  },
  {
    name: 'entry-of-64-kib-not-read',
    week: 2,
    bug: 'an entry of an SSTable that is longer than the buffer for a line is not found',
    caughtBy: 'long-values-flushed',
    edits: [
      {
        file: 'sstable.ts',
        find: "  const line = text.slice(start, text.indexOf('\\n', start));",
        replace:
          "  const line = text.slice(start, text.indexOf('\\n', start));\n  if (line.length >= 65_536) return undefined;",
      },
    ],
  },
];
