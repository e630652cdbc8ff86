import type {Mutant} from './mutant.ts';

const APPEND = "      await this.#wal.append({op: 'put', key, value});";
const PUT =
  '  put(key: string, value: string): Promise<void> {\n    return this.#run(async () => {';
const APPLY = '      const apply = ({key, value}: WalRecord) => memtable.put(key, value);';
const OPENED = '      return new Engine(fileSystem, allOptions, onEvent, memtable, wal, manifest);';
const CLOSE = '    const closing = this.#run(() => this.#wal.close());';
const NO_NEWLINE = '    if (end === -1) return start;';
const CUT = '      await file.truncate(end);';
const SYNC_AFTER_APPEND = `      await this.#file.append(bytes);
    } catch (error) {
      await this.#cut(sizeBefore);
      throw error;
    }
    await this.#sync();`;

export const WEEK_03: readonly Mutant[] = [
  {
    name: 'wal-created-anew-on-start',
    week: 3,
    bug: 'the WAL is opened so that it is emptied, and never replayed',
    caughtBy: 'restart-keeps-all',
    edits: [
      {
        file: 'wal.ts',
        find: "    const file = await fileSystem.open(WAL, 'append');",
        replace: "    const file = await fileSystem.open(WAL, 'create');",
      },
    ],
  },
  {
    name: 'replay-newest-first',
    week: 3,
    bug: 'the WAL is replayed from its end, so that the oldest value of a key wins',
    caughtBy: 'restart-keeps-all',
    edits: [
      {
        file: 'engine.ts',
        find: APPLY,
        replace:
          '      const apply = ({key, value}: WalRecord) =>\n        memtable.get(key) === undefined ? memtable.put(key, value) : undefined;',
      },
    ],
  },
  {
    name: 'wal-written-late',
    week: 3,
    bug: 'writes are answered first, and reach the WAL in batches every 200 ms and at a clean stop',
    caughtBy: 'kill-keeps-acknowledged',
    isTimed: true,
    edits: [
      {
        file: 'wal.ts',
        find: '    this.#checkUsable();\n    const sizeBefore = this.#file.size;\n',
        replace:
          '    this.#waiting.push(record);\n    if (this.#waiting.length === 1) setTimeout(() => void this.drain(), 200);\n  }\n\n  readonly #waiting: WalRecord[] = [];\n\n  async drain(): Promise<void> {\n    for (const record of this.#waiting.splice(0)) await this.appendNow(record);\n  }\n\n  async appendNow(record: WalRecord): Promise<void> {\n    this.#checkUsable();\n    const sizeBefore = this.#file.size;\n',
      },
      {
        file: 'wal.ts',
        find: '    await this.#file.close();',
        replace: '    await this.drain();\n    await this.#file.close();',
      },
    ],
  },
  {
    name: 'wal-skips-overwrites',
    week: 3,
    bug: 'only the first write of a key since the last flush is logged; a clean stop flushes the rest',
    caughtBy: 'kill-keeps-acknowledged',
    isTimed: true,
    edits: [
      {
        file: 'engine.ts',
        find: APPEND,
        replace: `      if (this.#memtable.get(key) === undefined) {\n  ${APPEND}\n      }`,
      },
      {
        file: 'engine.ts',
        find: CLOSE,
        replace: `    if (this.#memtable.size > 0) await this.#run(() => this.#flush());\n${CLOSE}`,
      },
    ],
  },
  {
    name: 'persists-at-clean-stop-only',
    week: 3,
    bug: 'there is no WAL: a clean stop flushes the memtable',
    caughtBy: 'kill-keeps-acknowledged',
    isTimed: true,
    edits: [
      {file: 'engine.ts', find: `${APPEND}\n`, replace: ''},
      {
        file: 'engine.ts',
        find: CLOSE,
        replace: `    if (this.#memtable.size > 0) await this.#run(() => this.#flush());\n${CLOSE}`,
      },
    ],
  },
  {
    name: 'wal-truncated-after-replay',
    week: 3,
    bug: 'the WAL is emptied once it is replayed, before anything is flushed',
    caughtBy: 'kill-twice',
    edits: [{file: 'engine.ts', find: OPENED, replace: `      await wal.reset();\n${OPENED}`}],
  },
  {
    name: 'id-reused-after-crash',
    week: 3,
    bug: 'the next id is the number of SSTables written since the start',
    caughtBy: 'kill-then-flush',
    edits: [
      {
        file: 'engine.ts',
        find: '    this.#nextId = manifest.nextId();',
        replace: '    this.#nextId = 1;',
      },
    ],
  },
  {
    name: 'torn-tail-refuses-start',
    week: 3,
    bug: 'a record cut short by a crash is an error that ends every later start',
    caughtBy: 'torn-tail',
    edits: [
      {
        file: 'wal.ts',
        find: CUT,
        replace: "      throw new KvError('CORRUPTION', 'wal.db: the last record is damaged');",
      },
    ],
  },
  {
    name: 'torn-tail-not-cut',
    week: 3,
    bug: 'a torn record is skipped but left in place, and the next record is glued to it',
    caughtBy: 'torn-tail',
    edits: [{file: 'wal.ts', find: CUT, replace: ''}],
  },
  {
    name: 'wal-newline-written-separately',
    week: 3,
    bug: 'record and newline are written one after the other, and a record without newline is kept as it is',
    caughtBy: 'torn-tail',
    edits: [
      {
        file: 'wal.ts',
        find: SYNC_AFTER_APPEND,
        replace: SYNC_AFTER_APPEND.replace(
          'append(bytes);',
          "append(bytes.subarray(0, -1));\n      await this.#file.append(new TextEncoder().encode('\\n'));",
        ),
      },
      {
        file: 'wal.ts',
        find: NO_NEWLINE,
        replace:
          '    if (end === -1) {\n      const record = parseRecord(decoder.decode(bytes.subarray(start)));\n      if (record === undefined) return start;\n      apply(record);\n      return bytes.length;\n    }',
      },
    ],
  },
  {
    name: 'wal-never-reset',
    week: 3,
    bug: 'a flush leaves the WAL as it is: it grows for ever',
    caughtBy: 'files-wal',
    edits: [{file: 'engine.ts', find: '    await this.#wal.reset();\n', replace: ''}],
  },
  {
    name: 'group-commit-answers-early',
    week: 3,
    bug: 'once writes have overlapped, they are answered first and logged as a group when it is quiet',
    caughtBy: 'kill-concurrent-writers',
    isTimed: true,
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace:
          '  #waiting = 0;\n  #lone = 50;\n  readonly #group: WalRecord[] = [];\n\n  put(key: string, value: string): Promise<void> {\n    this.#waiting++;\n    return this.#run(async () => {\n      this.#waiting--;\n      this.#lone = this.#waiting > 0 ? 0 : this.#lone + 1;',
      },
      {
        file: 'engine.ts',
        find: APPEND,
        replace:
          "      this.#group.push({op: 'put', key, value});\n      if (this.#lone >= 50) {\n        for (const record of this.#group.splice(0)) await this.#wal.append(record);\n      }",
      },
    ],
  },
  {
    name: 'log-emptied-before-manifest',
    week: 3,
    bug: 'the flush, behind the answer, empties the log first and lists its SSTable a while later',
    caughtBy: 'kill-around-flush',
    isTimed: true,
    edits: [
      {
        file: 'engine.ts',
        find: '      this.#absentKeys.remove(key);\n      if (this.#isMemtableFull()) await this.#flush();',
        replace:
          '      this.#absentKeys.remove(key);\n      if (this.#isMemtableFull()) void this.#run(() => this.#flush());',
      },
      {
        file: 'engine.ts',
        find: '    const entries = this.#memtable.sorted();',
        replace:
          '    await this.#wal.reset();\n    await new Promise((resolve) => setTimeout(resolve, 200));\n    const entries = this.#memtable.sorted();',
      },
      {
        file: 'engine.ts',
        find: '    this.#memtable.clear();\n    await this.#wal.reset();',
        replace: '    this.#memtable.clear();',
      },
    ],
  },
  {
    name: 'log-rewritten-on-start',
    week: 3,
    bug: 'a start empties the log, and a while later writes the records that it read to it again',
    caughtBy: 'kill-during-recovery',
    isTimed: true,
    edits: [
      {
        file: 'engine.ts',
        find: OPENED,
        replace: `      await wal.reset();\n      await new Promise((resolve) => setTimeout(resolve, 1_000));\n      for (const entry of memtable.sorted()) await wal.append({op: 'put', ...entry});\n${OPENED}`,
      },
    ],
  },
  {
    name: 'replay-stops-after-50-records',
    week: 3,
    bug: 'a start reads no more of the log than its first 50 records',
    caughtBy: 'replay-week-03-short',
    edits: [{file: 'engine.ts', find: APPLY, replace: stopAfter(50)}],
  },
  {
    name: 'replay-stops-after-500-records',
    week: 3,
    bug: 'a start reads no more of the log than its first 500 records',
    caughtBy: 'replay-week-03',
    edits: [{file: 'engine.ts', find: APPLY, replace: stopAfter(500)}],
  },
  {
    name: 'log-record-cut-at-4-kib',
    week: 3,
    bug: 'a record of the log that is longer than a buffer of 4 KiB is written in part',
    caughtBy: 'long-values-logged',
    edits: [
      {
        file: 'wal.ts',
        find: 'sealRecord(line) : line}\\n`);',
        replace: 'sealRecord(line) : line}\\n`).subarray(0, 4_096);',
      },
    ],
  },
];

/** The memtable gets no more than so many records of the log. */
function stopAfter(recordsMax: number): string {
  return `      let records = 0;\n      const apply = ({key, value}: WalRecord) =>\n        records++ < ${recordsMax} ? memtable.put(key, value) : undefined;`;
}
