import type {Mutant} from './mutant.ts';

const APPEND = "      await this.#wal.append({op: 'put', key, value});";
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
];
