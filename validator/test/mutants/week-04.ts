import type {Mutant} from './mutant.ts';

const DELETE = '  delete(key: string): Promise<void> {\n';
const APPEND = '      await this.#wal.append(entry);';
const APPLY = '      const apply = ({key, value}: Entry) => memtable.put(key, value);';
const OPENED = '      return new Engine(fileSystem, allOptions, onEvent, memtable, wal, manifest);';
const SET_ENTRY = '    this.#entries.set(key, value);';
const OPENED_RUNS =
  "    for (const name of names) files.set(name, await fileSystem.open(name, 'read'));\n";

export const WEEK_04: readonly Mutant[] = [
  {
    name: 'delete-does-nothing',
    week: 4,
    bug: 'DELETE answers 200 and does nothing',
    caughtBy: 'delete-basics',
    edits: [
      {
        file: 'engine.ts',
        find: DELETE,
        replace: `${DELETE}    if (key !== '') return Promise.resolve();\n`,
      },
    ],
  },
  {
    name: 'deleted-answers-200',
    week: 4,
    bug: 'a GET that finds a tombstone in the memtable answers 200 with an empty body',
    caughtBy: 'delete-basics',
    edits: [
      {
        file: 'engine.ts',
        find: '      if (value !== undefined) return value ?? undefined;',
        replace: "      if (value !== undefined) return value ?? '';",
      },
    ],
  },
  {
    name: 'delete-of-absent-fails',
    week: 4,
    bug: 'DELETE of a key that is not there answers 500',
    caughtBy: 'delete-basics',
    edits: [
      {
        file: 'engine.ts',
        find: APPEND,
        replace: `      const known = this.#memtable.get(entry.key) ?? this.#getFromSSTables(entry.key);\n      if (entry.value === null && known === undefined) throw new KvError('IO', 'no such key');\n${APPEND}`,
      },
    ],
  },
  {
    name: 'tombstone-not-overwritten',
    week: 4,
    bug: 'a PUT does not bring back a key whose tombstone is in the memtable',
    caughtBy: 'delete-basics',
    edits: [
      {
        file: 'memtable.ts',
        find: SET_ENTRY,
        replace: `    if (this.#entries.get(key) === null) return;\n${SET_ENTRY}`,
      },
    ],
  },
  {
    name: 'tombstone-dropped-at-flush',
    week: 4,
    bug: 'tombstones are left out of the flush, so that older SSTables show through again',
    caughtBy: 'delete-flushed',
    edits: [
      {
        file: 'engine.ts',
        find: '    const entries = this.#memtable.sorted();',
        replace: '    const entries = this.#memtable.sorted().filter(({value}) => value !== null);',
      },
    ],
  },
  {
    name: 'tombstone-in-sstable-ignored',
    week: 4,
    bug: 'a lookup that finds a tombstone in an SSTable goes on to the older ones',
    caughtBy: 'delete-flushed',
    edits: [{file: 'engine.ts', find: '      if (value === null) break;\n', replace: ''}],
  },
  {
    name: 'replay-ignores-deletes',
    week: 4,
    bug: 'the replay of the WAL applies PUTs only',
    caughtBy: 'kill-keeps-deletes',
    edits: [
      {
        file: 'engine.ts',
        find: APPLY,
        replace: APPLY.replace('memtable.put', 'value !== null && memtable.put').replace(
          ');',
          ') || undefined;',
        ),
      },
    ],
  },
  {
    name: 'replay-ends-at-delete',
    week: 4,
    bug: 'the replay takes the record of a delete for a torn tail, and cuts it off with all behind it',
    caughtBy: 'kill-keeps-deletes',
    edits: [
      {
        file: 'wal.ts',
        find: "    if (op === 'delete' && typeof key === 'string') return {key, value: null};\n",
        replace: '',
      },
    ],
  },
  {
    name: 'compaction-oldest-wins',
    week: 4,
    bug: 'where several SSTables have a key, a compaction keeps the oldest entry',
    caughtBy: 'compaction-readback',
    edits: [
      {file: 'merge.ts', find: '  return a.age < b.age;', replace: '  return a.age > b.age;'},
    ],
  },
  {
    name: 'tombstones-dropped-too-early',
    week: 4,
    bug: 'a compaction leaves out the oldest SSTable, and drops tombstones of keys that it has',
    caughtBy: 'compaction-readback',
    edits: [
      {
        file: 'engine.ts',
        find: '    const inputs = this.#manifest.names.toReversed();',
        replace: '    const inputs = this.#manifest.names.slice(1).toReversed();',
      },
      {
        file: 'engine.ts',
        find: '    await this.#manifest.replace(outputs);',
        replace:
          '    await this.#manifest.replace([...this.#manifest.names.slice(0, 1), ...outputs]);',
      },
    ],
  },
  {
    name: 'last-group-not-written',
    week: 4,
    bug: 'what a compaction has left for its last, smaller SSTable is never written',
    caughtBy: 'compaction-readback',
    edits: [
      {
        file: 'compaction.ts',
        find: '  if (group.length > 0 || groupCount === 0) yield group;',
        replace: '  if (groupCount === 0) yield group;',
      },
    ],
  },
  {
    name: 'inputs-removed-first',
    week: 4,
    bug: 'a compaction removes its inputs once it has opened them, and replaces MANIFEST a while later',
    caughtBy: 'kill-in-compaction',
    isTimed: true,
    edits: [
      {
        file: 'runs.ts',
        find: OPENED_RUNS,
        replace: `${OPENED_RUNS}    for (const name of names) await fileSystem.remove(name);\n    await new Promise((resolve) => setTimeout(resolve, 2_000));\n`,
      },
    ],
  },
  {
    name: 'only-puts-are-counted',
    week: 4,
    bug: 'DELETEs do not count among the 10,000 updates that lead to a compaction',
    caughtBy: 'files-compaction',
    edits: [
      {
        file: 'engine.ts',
        find: '      this.#updatesSinceCompaction += 1;',
        replace: '      this.#updatesSinceCompaction += entry.value === null ? 0 : 1;',
      },
    ],
  },
  {
    name: 'compacted-files-stay',
    week: 4,
    bug: 'a compaction does not remove the SSTables that it has merged',
    caughtBy: 'files-compaction',
    edits: [
      {
        file: 'engine.ts',
        find: '    await removeSSTables(this.#fileSystem, inputs, this.#onEvent);\n',
        replace: '',
      },
    ],
  },
  {
    name: 'replay-deletes-last',
    week: 4,
    bug: 'the replay of the WAL applies all PUTs first and all DELETEs after them',
    caughtBy: 'replay-week-04-short',
    edits: [
      {
        file: 'engine.ts',
        find: APPLY,
        replace:
          '      const deleted: string[] = [];\n      const apply = ({key, value}: Entry) => {\n        if (value === null) deleted.push(key);\n        else memtable.put(key, value);\n      };',
      },
      {
        file: 'engine.ts',
        find: OPENED,
        replace: `      for (const key of deleted) memtable.put(key, null);\n${OPENED}`,
      },
    ],
  },
  {
    name: 'keeps-200-tombstones',
    week: 4,
    bug: 'a memtable keeps no more than its 200 latest tombstones',
    caughtBy: 'replay-week-04',
    edits: [
      {
        file: 'memtable.ts',
        find: SET_ENTRY,
        replace: `${SET_ENTRY}\n    const deleted = Array.from(this.#entries).filter((entry) => entry[1] === null);\n    if (deleted.length > 200) this.#entries.delete(deleted[0]?.[0] ?? '');`,
      },
    ],
  },
];
