import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {
  appendToDataFile,
  cutDataFile,
  globPattern,
  listDataFiles,
  matchDataFiles,
  readDataFile,
} from '../../src/checks/data-files.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-data-files-'));
  writeFileSync(join(dataDir, 'MANIFEST'), 'sst-1.json\n');
  writeFileSync(join(dataDir, 'sst-1.json'), '[]');
  mkdirSync(join(dataDir, 'l0'));
  writeFileSync(join(dataDir, 'l0/sst-2.json'), '[]');
});

afterEach(() => rmSync(dataDir, {recursive: true}));

it('a pattern does not try all ways to match', () => {
  // As a regular expression this one would not end today.
  const pattern = globPattern(`${'*a'.repeat(20)}b`);
  expect(pattern.test('a'.repeat(250))).toBe(false);
  expect(pattern.test(`${'a'.repeat(250)}b`)).toBe(true);
});

describe('a data folder', () => {
  it('is listed with all that is below it', async () => {
    const paths = (await listDataFiles(dataDir)).map((file) => file.path);
    expect(paths).toEqual(['MANIFEST', 'l0/sst-2.json', 'sst-1.json']);
  });

  it.for<[string, string[]]>([
    ['sst-*.json', ['sst-1.json']],
    ['l*/sst-*.json', ['l0/sst-2.json']],
    ['**/*.json', ['l0/sst-2.json', 'sst-1.json']],
    ['sst-?.json', ['sst-1.json']],
    ['MANIFEST', ['MANIFEST']],
    ['**/sst-*', ['l0/sst-2.json', 'sst-1.json']],
    ['**sst-2.json', ['l0/sst-2.json']],
    ['l0/**/*2*', ['l0/sst-2.json']],
    ['*', ['MANIFEST', 'sst-1.json']],
    ['sst*-*1*.*json', ['sst-1.json']],
    ['l0?sst-2.json', []],
    ['MANIFES', []],
    ['ANIFEST', []],
    // A dot is a dot.
    ['sst-1-json', []],
  ])('has for %s the files %j', async ([glob, paths]) => {
    expect(await matchDataFiles(dataDir, glob)).toEqual(paths);
  });

  it('is changed only as asked', async () => {
    await appendToDataFile(dataDir, 'MANIFEST', 'sst-2');
    expect(readFileSync(join(dataDir, 'MANIFEST'), 'utf8')).toBe('sst-1.json\nsst-2');
    await cutDataFile(dataDir, 'MANIFEST', 5);
    expect((await readDataFile(dataDir, 'MANIFEST')).toString()).toBe('sst-1');
  });

  it('is no reason to follow a link', async () => {
    symlinkSync('/etc/passwd', join(dataDir, 'sst-9.json'));
    await expect(readDataFile(dataDir, 'sst-9.json')).rejects.toThrow(
      'sst-9.json cannot be opened: ELOOP',
    );
    await expect(matchDataFiles(dataDir, 'sst-*.json')).rejects.toThrow(
      'sst-9.json is not a regular file, so it is not opened',
    );
  });

  it('is no reason to walk into a linked folder', async () => {
    symlinkSync('/', join(dataDir, 'root'));
    const paths = (await listDataFiles(dataDir)).map((file) => file.path);
    expect(paths).toEqual(['MANIFEST', 'l0/sst-2.json', 'root', 'sst-1.json']);
  });

  it('is no reason to wait for the other end of a FIFO', async () => {
    execFileSync('mkfifo', [join(dataDir, 'wal.db')]);
    await expect(readDataFile(dataDir, 'wal.db')).rejects.toThrow('wal.db is not a regular file');
    await expect(appendToDataFile(dataDir, 'wal.db', 'x')).rejects.toThrow(
      /wal.db (cannot be opened|is not)/,
    );
  });

  it('says what is missing', async () => {
    await expect(readDataFile(dataDir, 'wal.db')).rejects.toThrow(
      'wal.db cannot be opened: ENOENT',
    );
  });
});
