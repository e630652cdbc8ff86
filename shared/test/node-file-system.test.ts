import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {NodeFileSystem} from '../src/node-file-system.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kv-node-file-system-'));
});

afterEach(async () => {
  await rm(folder, {recursive: true, force: true});
});

test('the data folder and its parents are created; what is there is kept', async () => {
  const root = join(folder, 'a', 'b', 'data');
  const first = await NodeFileSystem.open(root);
  await (await first.open('f', 'create')).close();
  const second = await NodeFileSystem.open(`${root}/`);
  expect(second.root).toBe(root);
  expect(await second.list('')).toEqual(['f']);
});

test('a data folder must be an absolute path', async () => {
  await expect(NodeFileSystem.open('data')).rejects.toThrow('absolute');
});

test('a data folder that is a file is refused', async () => {
  const fileSystem = await NodeFileSystem.open(folder);
  await (await fileSystem.open('f', 'create')).close();
  await expect(NodeFileSystem.open(join(folder, 'f'))).rejects.toMatchObject({code: 'EEXIST'});
});

test('many appends at once are all in the file', async () => {
  const fileSystem = await NodeFileSystem.open(folder);
  const file = await fileSystem.open('f', 'append');
  await Promise.all(Array.from({length: 64}, () => file.append(new Uint8Array(100))));
  expect(file.size).toBe(6400);
  await file.sync();
  await file.close();
  expect((await stat(join(folder, 'f'))).size).toBe(6400);
});
