import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {CheckContext} from '../../src/checks/check.ts';
import {filesAfterCrashes} from '../../src/checks/files-after-crash.ts';

const CLAIMED = ['manifest', 'sstable'];
const ENTRY = '{"key":"b","value":"1"}';
const FILES = {
  MANIFEST: '[L0]\nsst-2.json\n\n[L1]\nb-b: sst-1.json\n',
  'l0/sst-2.json': `[${ENTRY}]`,
  'l1/sst-1.json': `[${ENTRY}]`,
};

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-crashed-'));
});

afterEach(() => rmSync(dataDir, {recursive: true}));

type Files = Readonly<Record<string, string | undefined>>;

/** Looks at a folder that had the files `before` and, after a crash, has these. @returns the notes */
async function check(
  files: Files,
  {week = 5, claimed = CLAIMED, before}: {week?: number; claimed?: string[]; before?: Files} = {},
): Promise<readonly string[]> {
  const globs = {manifest: 'MANIFEST', sstable: week < 6 ? 'l*/*.json' : 'l*/*.sst'};
  const environment = {
    files: new Map(Object.entries(globs).filter(([key]) => claimed.includes(key))),
  };
  const notes: string[] = [];
  const note = (text: string) => notes.push(text);
  const context = {week, environment, note, server: {control: {dataDir}}};
  write(before ?? FILES);
  const afterCrash = await filesAfterCrashes(context as unknown as CheckContext);
  write(files);
  await afterCrash();
  return notes;
}

/** In place of all that is there. */
function write(files: Files): void {
  rmSync(dataDir, {recursive: true});
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(dataDir, path)), {recursive: true});
    writeFileSync(join(dataDir, path), content);
  }
}

describe('after a crash', () => {
  it('files may be left over', async () => {
    await check({...FILES, 'l1/sst-3.json': '[{"key', 'MANIFEST.tmp': '[L0', 'wal.db': '{"op"'});
  });

  it.for<[string, Files, RegExp]>([
    ['MANIFEST is whole', {MANIFEST: '[L0]\nsst-2.json\n'}, /no section \[L1\]/],
    ['no listed file is missing', {'l0/sst-2.json': undefined}, /lists sst-2.json in L0, which is/],
    ['no listed file is cut short', {'l1/sst-1.json': `[${ENTRY}`}, /^l1\/sst-1.json/],
    ['ranges are right', {'l1/sst-1.json': `[${ENTRY.replace('b', 'c')}]`}, /MANIFEST says b-b/],
  ])('%s', async ([, files, problem]) => {
    await expect(check({...FILES, ...files})).rejects.toThrow(problem);
  });

  it('blocks are looked at too', async () => {
    const files = {MANIFEST: '[L0]\nsst-1.sst\n\n[L1]\n'};
    const options = {week: 6, before: {MANIFEST: '[L0]\n\n[L1]\n'}};
    await expect(check(files, options)).rejects.toThrow('lists sst-1.sst in L0');
    const cut = {...files, 'l0/sst-1.sst': 'half a page'};
    await expect(check(cut, options)).rejects.toThrow(/^l0\/sst-1.sst/);
  });

  it('only what is claimed counts, from the week of the levels on', async () => {
    const broken = {...FILES, MANIFEST: 'sst-9.json\n'};
    await check(broken, {claimed: ['sstable']});
    await check(broken, {week: 4});
    await check({...FILES, 'l0/sst-2.json': undefined}, {claimed: ['manifest']});
  });

  it('files that were of an earlier week before it are left to other checks', async () => {
    const earlier = {MANIFEST: 'sst-1.json\n', 'sst-1.json': `[${ENTRY}]`};
    expect(await check(earlier, {before: earlier})).toEqual([
      'its files were not looked at: before any crash, MANIFEST: it has no section [L0]',
    ]);
    expect(await check(FILES)).toEqual([]);
  });
});
