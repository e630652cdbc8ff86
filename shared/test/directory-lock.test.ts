import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {acquireDirectoryLock} from '../src/directory-lock.ts';
import {parseStat, processStart} from '../src/running-process.ts';

let dir: string;
let lockFile: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kv-lock-'));
  lockFile = join(dir, 'LOCK');
});

afterEach(async () => {
  await rm(dir, {recursive: true, force: true});
});

test('the lock names its process and is gone after release', async () => {
  const lock = await acquireDirectoryLock(dir);
  const owner = JSON.parse(await readFile(lockFile, 'utf8'));
  expect(owner).toMatchObject({pid: process.pid, start: await processStart(process.pid)});
  expect(await readdir(dir)).toEqual(['LOCK']);
  await lock.release();
  expect(await readdir(dir)).toEqual([]);
});

test('the same process cannot lock a folder twice', async () => {
  const lock = await acquireDirectoryLock(dir);
  await expect(acquireDirectoryLock(dir)).rejects.toMatchObject({code: 'LOCKED'});
  await lock.release();
  await (await acquireDirectoryLock(dir)).release();
});

test('of many attempts at once in one process one succeeds', async () => {
  const attempts = Array.from({length: 10}, () => acquireDirectoryLock(dir));
  const settled = await Promise.allSettled(attempts);
  expect(settled.filter(({status}) => status === 'fulfilled')).toHaveLength(1);
});

test.each([
  ['a dead process', JSON.stringify({pid: 2 ** 30, start: '1', id: 'a'})],
  [
    'a process whose pid is now another one',
    JSON.stringify({pid: process.pid, start: '1', id: 'a'}),
  ],
  ['nobody: it is empty', ''],
  ['nobody: it is no JSON', 'locked!'],
  ['a pid that would reach a process group', JSON.stringify({pid: 0, start: '1', id: 'a'})],
  ['nobody: its id would leave the folder', JSON.stringify({pid: 1, start: '1', id: '../x'})],
])('a lock of %s is taken over', async (_, content) => {
  await writeFile(lockFile, content);
  const lock = await acquireDirectoryLock(dir);
  expect(JSON.parse(await readFile(lockFile, 'utf8')).pid).toBe(process.pid);
  expect(await readdir(dir)).toEqual(['LOCK']);
  await lock.release();
});

test('release leaves a lock that is no longer ours', async () => {
  const lock = await acquireDirectoryLock(dir);
  const other = JSON.stringify({pid: process.pid, start: '1', id: 'a'});
  await writeFile(lockFile, other);
  await lock.release();
  expect(await readFile(lockFile, 'utf8')).toBe(other);
});

test('a missing folder is an I/O error that names it', async () => {
  const missing = join(dir, 'missing');
  await expect(acquireDirectoryLock(missing)).rejects.toMatchObject({
    code: 'IO',
    message: expect.stringContaining(missing),
  });
});

test('processStart: a running process has one, an absent pid does not', async () => {
  expect(await processStart(process.pid)).toBe(await processStart(process.pid));
  expect(await processStart(2 ** 30)).toBeUndefined();
});

test('parseStat: the name of a process may hold spaces and parentheses', () => {
  const fields = Array.from({length: 50}, (_, index) => `f${index + 1}`);
  for (const name of ['node', 'a b', 'a) S 1 (b', ')']) {
    fields[1] = `(${name})`;
    for (const [state, ended] of [
      ['S', false],
      ['Z', true],
    ] as const) {
      fields[2] = state;
      expect(parseStat(`${fields.join(' ')}\n`)).toEqual({start: 'f22', ended});
    }
  }
  expect(parseStat('')).toBeUndefined();
});
