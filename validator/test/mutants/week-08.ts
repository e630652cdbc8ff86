import type {Mutant} from './mutant.ts';

const GET = '      const value = getFromMemtables(version, key);';
const GET_FROM = 'getFromMemtables({active, full}: Version, key: string)';
const NEXT_ID = '  #nextId: number;';
const WRITE = '    return this.#commits.write(entry);';
const APPEND = '      await this.#catalog.latest.active.wal.append(part);';
const APPLY = '      active.memtable.put(key, value);';
const FLUSHED = '    const entries = memtable.sorted();';
const SCAN = '  *scan(start: string, end: string): Generator<string> {';
const GROUPS =
  'for (let group = this.#waiting.shift(); group !== undefined; group = this.#waiting.shift()) {';
const MERGED = '    await this.#publish(outputs, (latest) => ({';
const COMPACTED = '  const left = (levels[level] ?? []).filter((table) => !compacted.has(table));';

export const WEEK_08: readonly Mutant[] = [
  {
    name: 'full-memtable-not-read',
    week: 8,
    bug: 'a full memtable is not read any more, and its SSTable not yet',
    caughtBy: 'linearizable',
    isRaced: true,
    edits: [
      {
        file: 'catalog.ts',
        find: GET_FROM,
        replace: 'getFromMemtables({active}: Version, key: string, full: readonly Segment[] = [])',
      },
    ],
  },
  {
    name: 'value-cache-filled-late',
    week: 8,
    bug: 'a cache of values is filled by reads a moment later, when a write may have come between',
    caughtBy: 'linearizable',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: GET,
        replace: `      const cached = this.#values.get(key);\n      if (cached !== undefined) return cached;\n${GET}\n      if (typeof value === 'string') setTimeout(() => this.#values.set(key, value), 2);`,
      },
      {
        file: 'engine.ts',
        find: NEXT_ID,
        replace: `  readonly #values = new Map<string, string>();\n${NEXT_ID}`,
      },
      {file: 'engine.ts', find: APPLY, replace: `${APPLY}\n      this.#values.delete(key);`},
    ],
  },
  {
    name: 'full-memtable-hides-no-value',
    week: 8,
    bug: 'a tombstone in a full memtable is taken for no entry, so that older values come back',
    caughtBy: 'linearizable-deletes',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: GET,
        replace: `      const newest = getFromMemtables(version, key);
      const isInFull = newest === null && version.active.memtable.get(key) === undefined;
      const value = isInFull ? undefined : newest;`,
      },
    ],
  },
  {
    name: 'scan-in-portions',
    week: 8,
    bug: 'a scan reads a hundred keys at a time, each portion of the newest version',
    caughtBy: 'scans-one-moment',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: SCAN,
        replace: `  async *scan(start: string, end: string): AsyncGenerator<string> {
    for (let from = start; ; await new Promise(setImmediate)) {
      const portion: string[] = [];
      for (const key of this.portion(from, end)) if (portion.push(key) === 100) break;
      yield* portion;
      if (portion.length < 100) return;
      from = \`\${portion.at(-1)}0\`;
    }
  }

  *portion(start: string, end: string): Generator<string> {`,
      },
    ],
  },
  {
    name: 'scan-does-not-pin',
    week: 8,
    bug: 'a scan reads a bit at a time, and releases its version at the beginning',
    caughtBy: 'scans-one-moment',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: SCAN,
        replace: `  async *scan(start: string, end: string): AsyncGenerator<string> {
    const version = this.#catalog.acquire();
    this.#catalog.release(version);
    let count = 0;
    for (const keys of scanVersion(this.#tables, version, start, end)) {
      yield* keys;
      count += keys.length;
      if (count > 60) await new Promise((resolve) => setTimeout(resolve, 1));
      if (count > 60) count = 0;
    }
  }

  *pinnedScan(start: string, end: string): Generator<string> {`,
      },
      // What is in memory would hide it.
      {
        file: 'options.ts',
        find: 'blockCacheBytes: 256 * 1024 * 1024',
        replace: 'blockCacheBytes: 0',
      },
    ],
  },
  {
    name: 'requests-wait-for-compaction',
    week: 8,
    bug: 'reads and writes wait while a compaction runs, which takes a moment',
    caughtBy: 'requests-go-on',
    edits: [
      {
        file: 'engine.ts',
        find: '        if (count >= countMin) await this.#compact(level);',
        replace: `        if (count < countMin) continue;
        this.#compacting = this.#compact(level);
        await this.#compacting;`,
      },
      {
        file: 'engine.ts',
        find: '    const outputs = await mergeSSTables(',
        replace:
          '    await new Promise((resolve) => setTimeout(resolve, 400));\n    const outputs = await mergeSSTables(',
      },
      {
        file: 'engine.ts',
        find: '  get(key: string): string | undefined {',
        replace:
          '  async get(key: string): Promise<string | undefined> {\n    await this.#compacting;',
      },
      {
        file: 'engine.ts',
        find: WRITE,
        replace: '    return this.#compacting.then(() => this.#commits.write(entry));',
      },
      {
        file: 'engine.ts',
        find: NEXT_ID,
        replace: `  #compacting: Promise<void> = Promise.resolve();\n${NEXT_ID}`,
      },
    ],
  },
  {
    name: 'late-writes-join-the-group',
    week: 8,
    bug: 'writes that come while a group is written to the log join it, and are acknowledged with it',
    caughtBy: 'no-lost-updates',
    isRaced: true,
    edits: [
      {
        file: 'group-commit.ts',
        find: GROUPS,
        replace:
          'for (let group = this.#waiting[0]; group !== undefined; this.#waiting.shift(), group = this.#waiting[0]) {',
      },
      {
        file: 'group-commit.ts',
        find: '        await this.#commit(group.entries);',
        replace: '        await this.#commit([...group.entries]);',
      },
    ],
  },
  {
    name: 'group-answered-before-its-sync',
    week: 8,
    bug: 'a group of writes is applied and answered while the log still waits for it',
    caughtBy: 'kill-many-in-flight',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: APPEND,
        replace:
          '      const {wal} = this.#catalog.latest.active;\n      setTimeout(() => void wal.append(part).catch(() => {}), 5);',
      },
    ],
  },
  {
    name: 'only-the-newest-log-replayed',
    week: 8,
    bug: 'a start replays the newest log only',
    caughtBy: 'kill-in-background',
    isRaced: true,
    edits: [{file: 'recovery.ts', find: '  return live;', replace: '  return live.slice(-1);'}],
  },
  {
    name: 'logs-replayed-newest-first',
    week: 8,
    bug: 'the logs are replayed from the newest to the oldest, so that old values win',
    caughtBy: 'kill-in-background',
    isRaced: true,
    edits: [
      {
        file: 'recovery.ts',
        find: '      segments.unshift(segment);',
        replace: '      segments.push(segment);',
      },
    ],
  },
  {
    name: 'logs-joined-at-start',
    week: 8,
    bug: 'a start puts what all logs have into one memtable, and removes all but the newest log',
    caughtBy: 'kill-in-background',
    isRaced: true,
    edits: [
      {
        file: 'recovery.ts',
        find: '    return segments;\n  } catch',
        replace: `    const newest = segments.pop();
    for (const {memtable, wal} of segments.toReversed()) {
      for (const {key, value} of memtable.sorted()) {
        if (newest?.memtable.get(key) === undefined) newest?.memtable.put(key, value);
      }
      await wal.close();
      await fileSystem.remove(wal.path);
    }
    return newest === undefined ? [] : [newest];
  } catch`,
      },
      {
        file: 'recovery.ts',
        find: '    if (!live.includes(number)) {',
        replace: '    if (live.length === 0) {',
      },
    ],
  },
  {
    name: 'torn-log-not-cut',
    week: 8,
    bug: 'a torn record is skipped but left in the log, and the next record is glued to it',
    caughtBy: 'torn-log',
    edits: [{file: 'wal.ts', find: '        await file.truncate(end);\n', replace: ''}],
  },
  {
    name: 'torn-log-refuses-start',
    week: 8,
    bug: 'a record cut short in the newest log is an error that ends every later start',
    caughtBy: 'torn-log',
    edits: [
      {file: 'recovery.ts', find: '  let mayBeTorn = true;', replace: '  let mayBeTorn = false;'},
    ],
  },
  {
    name: 'lower-logs-replayed',
    week: 8,
    bug: 'a start replays every log that is there, also those below [WAL]',
    caughtBy: 'numbered-files',
    edits: [
      {
        file: 'recovery.ts',
        find: 'numbers.filter((number) => number >= first)',
        replace: 'numbers.filter((number) => number > 0)',
      },
    ],
  },
  {
    name: 'manifests-in-order-of-names',
    week: 8,
    bug: 'MANIFEST-9 counts and MANIFEST-10 does not, as names are compared',
    caughtBy: 'numbered-files',
    edits: [
      {
        file: 'manifest.ts',
        find: 'Math.max(0, ...present.map((path) => manifestNumber(path) ?? 0))',
        replace: 'Number(present.map((path) => manifestNumber(path) ?? 0).sort().at(-1) ?? 0)',
      },
    ],
  },
  {
    name: 'logs-in-order-of-names',
    week: 8,
    bug: 'logs are replayed in the order of their names, wal-10 before wal-9',
    caughtBy: 'numbered-files',
    edits: [
      {
        file: 'recovery.ts',
        find: 'number >= first).sort((a, b) => a - b)',
        replace: 'number >= first).sort()',
      },
    ],
  },
  {
    name: 'log-removed-before-manifest',
    week: 8,
    bug: 'a flush removes the log before MANIFEST lists the SSTable',
    caughtBy: 'kill-in-background',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: FLUSHED,
        replace: `    this.#removals.remove([wal.path]);\n    await this.#removals.idle();\n${FLUSHED}`,
      },
    ],
  },
  {
    name: 'merged-files-removed-before-manifest',
    week: 8,
    bug: 'a compaction in the background removes the files that it has merged a moment before MANIFEST stops listing them',
    caughtBy: 'kill-in-leveling',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: MERGED,
        replace: `    this.#removals.remove(inputs.flat().map(({path}) => path));
    await this.#removals.idle();
    await new Promise((resolve) => setTimeout(resolve, 150));
${MERGED}`,
      },
    ],
  },
  {
    name: 'compaction-empties-l0',
    week: 8,
    bug: 'a compaction publishes an empty L0, and with it forgets what was flushed meanwhile',
    caughtBy: 'flush-meets-compaction',
    isRaced: true,
    edits: [
      {
        file: 'levels.ts',
        find: COMPACTED,
        replace:
          '  const left = (levels[level] ?? []).filter((table) => level > 0 && !compacted.has(table));',
      },
    ],
  },
  {
    name: 'flush-publishes-old-levels',
    week: 8,
    bug: 'a flush that ends after a compaction publishes the levels of its beginning, and with them files that are gone',
    caughtBy: 'flush-meets-compaction',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: FLUSHED,
        replace: `    const {levels: begun} = this.#catalog.latest;\n${FLUSHED}`,
      },
      {
        file: 'engine.ts',
        find: '({levels: [l0 = [], ...lower], full}) => ({',
        replace: '({full}, [l0 = [], ...lower] = begun) => ({',
      },
    ],
  },
  {
    name: 'requests-share-a-variable',
    week: 8,
    bug: 'the entry of a write is kept in a field that the next request overwrites',
    caughtBy: 'replay-week-08-short',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: WRITE,
        replace:
          '    this.#entry = entry;\n    return new Promise(setImmediate).then(() => this.#commits.write(this.#entry ?? entry));',
      },
      {file: 'engine.ts', find: NEXT_ID, replace: `  #entry: Entry | undefined;\n${NEXT_ID}`},
    ],
  },
  {
    name: 'old-versions-stay',
    week: 8,
    bug: 'what no version uses any more is never removed, and a start looks for no orphans',
    caughtBy: 'files-versions',
    isRaced: true,
    edits: [
      {
        file: 'removals.ts',
        find: '    void this.#queue.run(async () => {\n      for (const path of paths) {',
        replace:
          '    void this.#queue.run(async () => {\n      for (const path of paths.slice(0, 0)) {',
      },
      {
        file: 'orphans.ts',
        find: 'for (const name of await listFiles(fileSystem)) {',
        replace: 'for (const name of (await listFiles(fileSystem)).slice(0, 0)) {',
      },
    ],
  },
  {
    name: 'unreadable-log-number-drops-logs',
    week: 8,
    bug: 'a start that cannot read the [WAL] line of MANIFEST takes all logs for done with',
    caughtBy: 'manifest-damage',
    isRaced: true,
    edits: [
      {
        file: 'manifest.ts',
        find: "  if (digits === undefined) throw corruption(path, 0, 'the first line is not [WAL] and a number');",
        replace: '  if (digits === undefined) return 1_000_000;',
      },
      {
        file: 'recovery.ts',
        find: '  if (live.length === 0 && first === 1) return [1];',
        replace: '  if (live.length === 0) return [first];',
      },
    ],
  },
  {
    name: 'newest-flush-listed-first',
    week: 8,
    bug: 'a flush lists its SSTable as the oldest of L0',
    caughtBy: 'replay-week-08',
    isRaced: true,
    edits: [
      {
        file: 'engine.ts',
        find: '      levels: [[...l0, ...flushed], ...lower],',
        replace: '      levels: [[...flushed, ...l0], ...lower],',
      },
    ],
  },
];
