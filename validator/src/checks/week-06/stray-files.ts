import type {TableFile} from '../block-files.ts';
import type {Check, CheckContext} from '../check.ts';
import {Damage} from '../damage.ts';
import {fill} from '../fill.ts';
import {stoppedTables} from '../flushed-tables.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';
import {falsifiedTable} from './falsified-table.ts';

const KEYS_READ = 400;
const GARBAGE_BYTES = 5_000;
/** The last number in the name of a file. */
const NUMBER = /([0-9]+)([^0-9/]*)$/;

export const strayFiles: Check = {
  id: 'stray-files',
  title: 'Files that nobody lists',
  weekFirst: 6,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'sstable',
  proves:
    'SSTables that MANIFEST does not list, as a crash leaves them, and files of other kinds change nothing: neither the start, nor a read, nor the next flush.',
  hints: {
    look: 'which files your start opens, and what a flush does if a file of its name is there',
    cause:
      'SSTables found by listing the folder instead of by MANIFEST, or a file name that must not exist yet',
    chapter: 'docs/weeks/06.md#damage',
  },
  cost: {requests: 5_300, writes: 4_050, restarts: 3},

  async run(context) {
    const {server, week} = context;
    const keys = new Keys(context.random);
    await fill(context, keys, 2_050);
    const tables = await stoppedTables(context);
    await addStrays(context, tables);
    await server.start();
    await readBack(context, keys, {keysMax: KEYS_READ});

    // The next id may be the one of a stray.
    await fill(context, keys, memtableEntriesMax(week));
    await readBack(context, keys, {keysMax: KEYS_READ});
    await server.restart();
    await readBack(context, keys, {keysMax: KEYS_READ});
  },
};

async function addStrays(context: CheckContext, tables: readonly TableFile[]): Promise<void> {
  const {server, random, environment, note} = context;
  const damage = new Damage(server.control.dataDir, server.ledger);
  const garbage = Uint8Array.from({length: GARBAGE_BYTES}, () => random.below(256));
  await damage.add(notes, garbage, 'a file of another kind');
  const last = tables.toSorted((a, b) => idOf(a.path) - idOf(b.path)).at(-1);
  if (last === undefined || !environment.files.has('manifest')) {
    note('MANIFEST is not claimed, so no SSTable was added beside it');
    return;
  }
  if (!NUMBER.test(last.path)) {
    note('SSTables have no numbers in their names, so none was added beside them');
    return;
  }
  const next = (attempt: number) => pathWith(last.path, idOf(last.path) + 1 + attempt);
  const later = (attempt: number) => next(attempt + 8);
  const temporary = (attempt: number) => `${next(attempt)}.tmp`;
  const falsified = falsifiedTable(last);
  if (falsified !== undefined) {
    await damage.add(next, falsified, 'an SSTable with false values, not listed');
  }
  await damage.add(later, garbage, 'bytes that are no SSTable, not listed');
  await damage.add(temporary, garbage.subarray(0, 100), 'the beginning of a temporary file');
}

function notes(attempt: number): string {
  return attempt === 0 ? 'notes.txt' : `notes-${attempt}.txt`;
}

/** The last number in a path. */
function idOf(path: string): number {
  return Number(NUMBER.exec(path)?.[1] ?? 0);
}

/** The path with another number in the place of its last one. */
function pathWith(path: string, id: number): string {
  return path.replace(NUMBER, `${id}$2`);
}
