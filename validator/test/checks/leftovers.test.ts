import {
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {CheckContext} from '../../src/checks/check.ts';
import {putBack, readLeftovers, renumber} from '../../src/checks/leftovers.ts';

const RECORDS = ['a', 'b', 'c'].map((key) => `{"op":"put","key":"${key}","value":"1"}\n`);
const [FIRST = '', ...LATER] = RECORDS;
const ALL = RECORDS.join('');
/** No user of this machine needs to have it. */
const OTHER_UID = 12_345;

let dataDir = '';
let notes: string[] = [];
let events: string[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-leftovers-'));
  notes = [];
  events = [];
});

afterEach(() => rmSync(dataDir, {recursive: true}));

function context(): CheckContext {
  const environment = {files: new Map([['manifest', 'MANIFEST*']])};
  const ledger = {event: (text: string) => events.push(text)};
  const server = {control: {dataDir}, ledger};
  const note = (text: string) => notes.push(text);
  return {week: 8, environment, note, server} as unknown as CheckContext;
}

type Files = Readonly<Record<string, string>>;

/** In place of all that is there. */
function write(files: Files): void {
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dataDir, name), content);
}

function present(): Files {
  const names = readdirSync(dataDir).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(dataDir, name), 'utf8')]));
}

function manifest(walFirst: number): string {
  return `[WAL] ${walFirst}\n\n[L0]\n\n[L1]\n`;
}

describe('what was removed', () => {
  const before = {'MANIFEST-1': manifest(1), 'wal-1.db': FIRST};

  it('is put back, in the name of a crash', async () => {
    write(before);
    const old = await readLeftovers(context());
    const now = {'MANIFEST-2': manifest(2), 'wal-2.db': ALL};
    write(now);
    expect(await putBack(context(), old)).toBe(true);
    expect(present()).toEqual({...before, ...now});
    expect(events).toHaveLength(2);
  });

  it.for<[string, Files]>([
    ['a log that still counts', {'MANIFEST-2': manifest(1), 'wal-2.db': ALL}],
    ['a log that is still there', {'MANIFEST-1': manifest(2), 'wal-1.db': ALL, 'wal-2.db': ''}],
  ])('is not: %s', async ([, now]) => {
    write(before);
    const old = await readLeftovers(context());
    write(now);
    expect(await putBack(context(), old)).toBe(false);
    expect(present()).toMatchObject(now);
  });

  it('without a [WAL] line nobody knows what counts', async () => {
    write({'MANIFEST-1': '[L0]\n\n[L1]\n'});
    await expect(readLeftovers(context())).rejects.toThrow('its first line is not [WAL]');
  });

  it.runIf(process.getuid?.() === 0)('belongs to the owner of the folder', async () => {
    write(before);
    const old = await readLeftovers(context());
    write({'MANIFEST-2': manifest(2)});
    chownSync(dataDir, OTHER_UID, OTHER_UID);
    await putBack(context(), old);
    expect(statSync(join(dataDir, 'wal-1.db')).uid).toBe(OTHER_UID);
  });
});

describe('other numbers', () => {
  const older = {'MANIFEST-1': manifest(1), 'wal-1.db': ''};

  async function renumbered(now: Files, recordsInLast = LATER.length): Promise<Files> {
    write(older);
    const old = await readLeftovers(context());
    write(now);
    await renumber(context(), {recordsInLast, old});
    return present();
  }

  it('the newest log with records is cut in two', async () => {
    expect(await renumbered({'MANIFEST-2': manifest(3), 'wal-3.db': ALL})).toEqual({
      'MANIFEST-9': older['MANIFEST-1'],
      'MANIFEST-10': manifest(9),
      'wal-9.db': FIRST,
      'wal-10.db': LATER.join(''),
    });
  });

  it('the other logs stay before and behind it', async () => {
    const now = {
      'MANIFEST-9': manifest(98),
      'wal-98.db': FIRST,
      'wal-99.db': ALL,
      'wal-100.db': '',
    };
    expect(await renumbered(now)).toEqual({
      'MANIFEST-9': older['MANIFEST-1'],
      'MANIFEST-10': manifest(98),
      'wal-98.db': FIRST,
      'wal-99.db': FIRST,
      'wal-100.db': LATER.join(''),
      'wal-101.db': '',
    });
  });

  it.for<[string, string, number]>([
    ['of another format', 'put a 1', 1],
    ['with too few records', ALL, 3],
    ['without any', '', 1],
  ])('no log gets any: %s', async ([, log, recordsInLast]) => {
    const now = {'MANIFEST-2': manifest(3), 'wal-3.db': log};
    expect(await renumbered(now, recordsInLast)).toEqual({
      'MANIFEST-9': older['MANIFEST-1'],
      'MANIFEST-10': manifest(3),
      'wal-3.db': log,
    });
    expect(notes).toHaveLength(1);
  });

  it('a MANIFEST without a number keeps its name', async () => {
    write({MANIFEST: manifest(1), 'wal-1.db': ''});
    const old = await readLeftovers(context());
    const now = {MANIFEST: manifest(3), 'wal-3.db': ALL};
    write(now);
    await renumber(context(), {recordsInLast: LATER.length, old});
    expect(present()).toMatchObject({MANIFEST: manifest(9), 'wal-9.db': FIRST});
    expect(notes).toEqual(['MANIFEST has no number in its name, so it got no other']);
  });
});
