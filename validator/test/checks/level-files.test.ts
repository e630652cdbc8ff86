import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {CheckContext} from '../../src/checks/check.ts';
import {
  checkAllListed,
  checkRanges,
  type LevelFiles,
  readLevelList,
  readLevels,
} from '../../src/checks/level-files.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-levels-'));
});

afterEach(() => rmSync(dataDir, {recursive: true}));

const GOOD = {
  MANIFEST: '[L0]\nsst-4.json\n\n[L1]\na-f: sst-2.json\ng-p: sst-3.json\n',
  'l0/sst-4.json': table('c', 'q'),
  'l1/sst-2.json': table('a', 'b', 'f'),
  'l1/sst-3.json': table('g', 'p'),
};

function table(...keys: string[]): string {
  return JSON.stringify(keys.map((key) => ({key, value: `value of ${key}`})));
}

/** Reads a folder with these files; those that are undefined are not there. */
async function read(
  files: Readonly<Record<string, string | undefined>>,
  isAfterCrash = false,
): Promise<LevelFiles> {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(dataDir, path)), {recursive: true});
    writeFileSync(join(dataDir, path), content);
  }
  const environment = {files: new Map()};
  const context = {week: 5, environment, server: {control: {dataDir}}} as unknown as CheckContext;
  const list = await readLevelList(context);
  const levels = await readLevels(context, list);
  if (!isAfterCrash) await checkAllListed(context, list, levels);
  return levels;
}

describe('the files of levels', () => {
  it('may have others beside them after a crash', async () => {
    const {tables} = await read({...GOOD, 'l1/sst-5.json': '[{"key":'}, true);
    expect(tables).toHaveLength(3);
  });

  it('are read as MANIFEST lists them', async () => {
    const {levelCount, tables} = await read(GOOD);
    expect(levelCount).toBe(2);
    const rows = tables.map(({level, path, range, records}) => [
      level,
      path,
      range,
      records.length,
    ]);
    expect(rows).toEqual([
      [0, 'l0/sst-4.json', undefined, 2],
      [1, 'l1/sst-2.json', {first: 'a', last: 'f'}, 3],
      [1, 'l1/sst-3.json', {first: 'g', last: 'p'}, 2],
    ]);
  });

  it('may be listed with their folders', async () => {
    const named = GOOD.MANIFEST.replaceAll(/sst-4/g, 'l0/sst-4').replaceAll(/ (sst)/g, ' l1/$1');
    expect((await read({...GOOD, MANIFEST: named})).tables).toHaveLength(3);
  });

  it('may be none', async () => {
    expect((await read({MANIFEST: '[L0]\n\n[L1]\n'})).tables).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, RegExp]>([
    ['a file that is not there', {'l1/sst-3.json': undefined}, /it lists sst-3.json in L1, which/],
    ['a file that is not listed', {'l1/sst-1.json': table('a')}, /it does not list l1\/sst-1.json/],
    ['an id in both levels', {'l1/sst-4.json': table('r')}, /it does not list l1\/sst-4.json/],
    [
      'an id listed twice',
      {MANIFEST: `${GOOD.MANIFEST}r-r: sst-4.json\n`, 'l1/sst-4.json': table('r')},
      /line 7 lists "sst-4.json" again/,
    ],
    [
      'a file in the folder of another level',
      {'l1/sst-3.json': undefined, 'l0/sst-3.json': table('g', 'p')},
      /it lists sst-3.json in L1, but it is at l0\/sst-3.json/,
    ],
    ['no headers', {MANIFEST: 'sst-2.json\n'}, /it has no section \[L0\]/],
    ['no header of L1', {MANIFEST: '[L0]\nsst-4.json\n'}, /it has no section \[L1\]/],
    ['a line without a range', {MANIFEST: '[L0]\n\n[L1]\nsst-2.json\n'}, /not min-max: name/],
    ['keys that do not ascend', {'l1/sst-3.json': table('p', 'g')}, /key "g" comes after "p"/],
  ])('may not have %s', async (_, files, problem) => {
    await expect(read({...GOOD, ...files})).rejects.toThrow(problem);
  });
});

describe('ranges', () => {
  const listed = (first: string, second: string) =>
    `[L0]\nsst-4.json\n\n[L1]\n${first}: sst-2.json\n${second}: sst-3.json\n`;

  it('may be exact, with both ends inclusive', async () => {
    const files = await read(GOOD);
    expect(() => checkRanges(files)).not.toThrow();
  });

  it.each([
    ['a-g', 'g-q'],
    ['a-fa', 'g-zzz'],
    ['a-g', 'g-pa'],
  ])('may be half-open: %s and %s', async (first, second) => {
    const files = await read({...GOOD, MANIFEST: listed(first, second)});
    expect(() => checkRanges(files)).not.toThrow();
  });

  it.each([
    ['a-b', 'g-p', /l1\/sst-2.json: it has the keys from a to f, and MANIFEST says a-b/],
    ['a-f', 'g-k', /l1\/sst-3.json: it has the keys from g to p, and MANIFEST says g-k/],
    ['a-f', 'h-p', /l1\/sst-3.json: it has the keys from g to p, and MANIFEST says h-p/],
    // Neither all inclusive nor all half-open.
    ['a-g', 'g-p', /l1\/sst-2.json: it has the keys from a to f, and MANIFEST says a-g/],
  ])('may not be %s and %s', async (first, second, problem) => {
    const files = await read({...GOOD, MANIFEST: listed(first, second)});
    expect(() => checkRanges(files)).toThrow(problem);
  });

  it('may not overlap', async () => {
    const files = await read({
      ...GOOD,
      MANIFEST: listed('a-f', 'f-p'),
      'l1/sst-3.json': table('f', 'p'),
    });
    expect(() => checkRanges(files)).toThrow(/it begins with f, and l1\/sst-2.json ends with f/);
  });
});
