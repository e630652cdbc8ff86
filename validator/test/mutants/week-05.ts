import type {Mutant} from './mutant.ts';

const MERGE_RUNS = '    await withRuns(fileSystem, inputs, async (runs) => {\n';
const LISTED_LINE =
  "    else if (line !== '') levels.at(-1)?.push(parseLine(line, offset, levels, present));";
/** What is listed and not there is left out. */
const WITHOUT_MISSING = LISTED_LINE.replace(
  "line !== ''",
  "line !== '' && !(/sst-[0-9]+[.]json$/.test(line) && present.every((path) => !path.endsWith(line.slice(line.indexOf(' ') + 1))))",
);
const WRITE_AND_LIST =
  '    await writeSSTable(this.#fileSystem, name, entries);\n    await this.#manifest.append(name);\n';
const LIST_AND_WRITE = `    await this.#manifest.append(name);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await writeSSTable(this.#fileSystem, name, entries);
`;
const REMOVED = '    await removeSSTables(this.#fileSystem, inputs.flat(), this.#onEvent);\n';
const REPLACED = '    await this.#manifest.replace(afterCompaction(levels, level, outputs));\n';
const PRESENT = '    if (key >= start && value !== null)';

export const WEEK_05: readonly Mutant[] = [
  {
    name: 'scan-end-inclusive',
    week: 5,
    bug: 'a scan answers its end too, if that is a key',
    caughtBy: 'scan-basics',
    edits: [
      {file: 'scan.ts', find: '    if (key >= end) break;', replace: '    if (key > end) break;'},
    ],
  },
  {
    name: 'scan-empty-answers-404',
    week: 5,
    bug: 'a scan of an empty range is answered with 404',
    caughtBy: 'scan-basics',
    edits: [
      {
        file: 'shared/src/answer-scan.ts',
        find: '    const rest = `${this.#pending}]`;\n',
        replace:
          '    const rest = `${this.#pending}]`;\n    if (rest === "[]") response.writeHead(404, {"content-length": 2});\n',
      },
    ],
  },
  {
    name: 'scan-drops-recreated',
    week: 5,
    bug: 'a scan leaves out each key that was ever deleted, also if it was written again',
    caughtBy: 'scan-basics',
    edits: [
      {
        file: 'engine.ts',
        find: '      this.#memtable.put(entry.key, entry.value);',
        replace:
          '      this.#memtable.put(entry.key, entry.value);\n      if (entry.value === null) this.#deleted.add(entry.key);',
      },
      {
        file: 'engine.ts',
        find: '      yield* slice.keys;',
        replace: '      yield* slice.keys.filter((key) => !this.#deleted.has(key));',
      },
      {
        file: 'engine.ts',
        find: '  #isClosed = false;',
        replace: '  #isClosed = false;\n  readonly #deleted = new Set<string>();',
      },
    ],
  },
  {
    name: 'scan-start-exclusive',
    week: 5,
    bug: 'a scan leaves out its start',
    caughtBy: 'scan-basics',
    edits: [
      {
        file: 'scan.ts',
        find: PRESENT,
        replace: PRESENT.replace('>=', '>'),
      },
    ],
  },
  {
    name: 'scan-forgets-tombstones',
    week: 5,
    bug: 'a scan skips tombstones of the memtable before it merges, so that they hide nothing',
    caughtBy: 'scan-flushed',
    edits: [
      {
        file: 'engine.ts',
        find: 'scanSlice(this.#fileSystem, this.#memtable.sorted(), levels, from, end)',
        replace:
          'scanSlice(this.#fileSystem, this.#memtable.sorted().filter(({value}) => value !== null), levels, from, end)',
      },
    ],
  },
  {
    name: 'scan-oldest-wins',
    week: 5,
    bug: 'a scan takes the memtable for the oldest of its sources',
    caughtBy: 'scan-flushed',
    edits: [
      {
        file: 'scan.ts',
        find: 'merge([memtable, ...entries])',
        replace: 'merge([...entries, memtable])',
      },
    ],
  },
  {
    name: 'l1-last-key-excluded',
    week: 5,
    bug: 'the last key of a range is looked for in the next file of L1',
    caughtBy: 'levels-readback',
    edits: [
      {
        file: 'levels.ts',
        find: "    if ((tables[middle]?.maxKey ?? '') < key) low = middle + 1;",
        replace: "    if ((tables[middle]?.maxKey ?? '') <= key) low = middle + 1;",
      },
    ],
  },
  {
    name: 'compaction-ignores-l1',
    week: 5,
    bug: 'a compaction merges the files of L0 only, and puts the result in the place of L1',
    caughtBy: 'levels-readback',
    edits: [
      {
        file: 'levels.ts',
        find: '[...upper.toReversed().map((table) => [table]), lower]',
        replace: 'upper.toReversed().map((table) => [table])',
      },
    ],
  },
  {
    name: 'l1-wins-over-l0',
    week: 5,
    bug: 'a compaction takes L1 for newer than L0',
    caughtBy: 'levels-readback',
    edits: [
      {
        file: 'levels.ts',
        find: '[...upper.toReversed().map((table) => [table]), lower]',
        replace: '[lower, ...upper.toReversed().map((table) => [table])]',
      },
    ],
  },
  {
    name: 'levels-removed-first',
    week: 5,
    bug: 'a compaction removes the files of both levels once it has opened them, and replaces MANIFEST a while later',
    caughtBy: 'kill-in-leveling',
    isTimed: true,
    edits: [
      {
        file: 'compaction.ts',
        find: MERGE_RUNS,
        replace: `${MERGE_RUNS}      for (const {path} of inputs.flat()) await fileSystem.remove(path);\n      await new Promise((resolve) => setTimeout(resolve, 2_000));\n`,
      },
      {file: 'engine.ts', find: REMOVED, replace: ''},
    ],
  },
  {
    name: 'levels-removed-before-manifest',
    week: 5,
    bug: 'a compaction removes the files that it has merged a moment before it replaces MANIFEST',
    caughtBy: 'kill-in-leveling',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: `${REPLACED}${REMOVED}`,
        replace: `${REMOVED}    await new Promise((resolve) => setTimeout(resolve, 150));\n${REPLACED}`,
      },
    ],
  },
  {
    name: 'compacts-at-six-files',
    week: 5,
    bug: 'L0 is compacted when it has more than five files',
    caughtBy: 'files-levels',
    edits: [{file: 'options.ts', find: '  l0TablesMax: 5,', replace: '  l0TablesMax: 6,'}],
  },
  {
    name: 'compacted-levels-stay',
    week: 5,
    bug: 'a compaction does not remove the files that it has merged',
    caughtBy: 'files-levels',
    edits: [{file: 'engine.ts', find: REMOVED, replace: ''}],
  },
  {
    name: 'l1-range-cut-short',
    week: 5,
    bug: 'the ranges in MANIFEST have the last key without its last letter',
    caughtBy: 'files-levels',
    edits: [
      {
        file: 'manifest.ts',
        find: '`${minKey}-${maxKey}: ${name}\\n`',
        replace: '`${minKey}-${maxKey.slice(0, -1)}: ${name}\\n`',
      },
    ],
  },
  {
    name: 'sstable-listed-before-it-is-written',
    week: 5,
    bug: 'a flush lists its SSTable and then writes it, which takes a moment; a start leaves out what is listed and not there, for the log still has it',
    caughtBy: 'kill-around-flush',
    isRaced: true,
    edits: [
      {file: 'engine.ts', find: WRITE_AND_LIST, replace: LIST_AND_WRITE},
      {file: 'manifest.ts', find: LISTED_LINE, replace: WITHOUT_MISSING},
    ],
  },
  {
    name: 'manifest-compacted-in-place',
    week: 5,
    bug: 'a compaction writes MANIFEST in place, in two parts, beside a copy of the old one that the next start prefers',
    caughtBy: 'kill-in-leveling',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: 'await this.#manifest.replace(afterCompaction(',
        replace: 'await this.#manifest.replaceInPlace(afterCompaction(',
      },
      {
        file: 'manifest.ts',
        find: '    const present = await listFiles(fileSystem);\n',
        replace: `    if ((await fileSystem.list('')).includes('MANIFEST.old')) {
      await fileSystem.rename('MANIFEST.old', MANIFEST);
    }
    const present = await listFiles(fileSystem);
`,
      },
      {
        file: 'manifest.ts',
        find: '  /** Lists these SSTables and no others, durably. REQUIRES: their files are durable. */',
        replace: `  async replaceInPlace(levels: Levels): Promise<void> {
    const fileSystem = this.#fileSystem;
    const old = await fileSystem.open('MANIFEST.copy', 'create');
    await old.append(await fileSystem.readFile(MANIFEST));
    await old.sync();
    await old.close();
    await fileSystem.rename('MANIFEST.copy', 'MANIFEST.old');
    const bytes = new TextEncoder().encode(levels.map(sectionOf).join('\\n'));
    const half = bytes.length - 9;
    const file = await fileSystem.open(MANIFEST, 'create');
    await file.append(bytes.subarray(0, half));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await file.append(bytes.subarray(half));
    await file.sync();
    await file.close();
    await fileSystem.remove('MANIFEST.old');
    this.#levels = levels;
  }

`,
      },
    ],
  },
  {
    name: 'damaged-lines-skipped',
    week: 5,
    bug: 'a start skips each line of MANIFEST that it cannot make sense of',
    caughtBy: 'manifest-damage',
    edits: [
      {
        file: 'manifest.ts',
        find: LISTED_LINE,
        replace: `${LISTED_LINE.replace("if (line !== '') ", "if (line !== '') try {\n      ")}\n    } catch {}`,
      },
    ],
  },
  {
    name: 'missing-file-not-noticed',
    week: 5,
    bug: 'a start takes an SSTable that is listed and not there for one that is not listed',
    caughtBy: 'manifest-damage',
    edits: [
      {
        file: 'manifest.ts',
        find: LISTED_LINE,
        replace: WITHOUT_MISSING,
      },
    ],
  },
  {
    name: 'order-of-ranges-trusted',
    week: 5,
    bug: 'a start does not look whether the ranges of L1 ascend',
    caughtBy: 'manifest-damage',
    edits: [
      {
        file: 'manifest.ts',
        find: '  if (minKey > maxKey || (level > 0 && minKey <= before)) {',
        replace: '  if (minKey > maxKey) {',
      },
    ],
  },
  {
    name: 'orphans-removed-unread',
    week: 5,
    bug: 'a start removes the SSTables whose names it does not find in MANIFEST, and only then reads all of it',
    caughtBy: 'manifest-damage',
    edits: [
      {
        file: 'manifest.ts',
        find: '      const listed = parseLevels(text, present);\n',
        replace:
          '      for (const path of present) {\n        const isListed = text.includes(path.slice(3));\n        if (sstableId(path) !== undefined && !isListed) await fileSystem.remove(path);\n      }\n      const listed = parseLevels(text, present);\n',
      },
    ],
  },
  {
    name: 'scan-of-30-keys',
    week: 5,
    bug: 'a scan answers 30 keys at most',
    caughtBy: 'replay-week-05-short',
    edits: [{file: 'scan.ts', find: PRESENT, replace: presentAtMost(30)}],
  },
  {
    name: 'scan-of-200-keys',
    week: 5,
    bug: 'a scan answers 200 keys at most',
    caughtBy: 'replay-week-05',
    edits: [{file: 'scan.ts', find: PRESENT, replace: presentAtMost(200)}],
  },
];

/** A scan collects no more than so many keys at once. */
function presentAtMost(keysMax: number): string {
  return PRESENT.replace(' && value', ` && keys.length < ${keysMax} && value`);
}
