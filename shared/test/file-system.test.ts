import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import type {FileSystem} from '../src/file-system.ts';
import {MemoryFileSystem} from '../src/memory-file-system.ts';
import {NodeFileSystem} from '../src/node-file-system.ts';

// Both file systems must behave alike, or tests in memory would prove nothing.

const text = new TextEncoder();
const bytesOf = (value: string): Uint8Array => text.encode(value);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function write(fileSystem: FileSystem, path: string, content: string): Promise<void> {
  const file = await fileSystem.open(path, 'create');
  await file.append(bytesOf(content));
  await file.close();
}

describe.each(['NodeFileSystem', 'MemoryFileSystem'])('%s', (kind) => {
  let folder: string;
  let fileSystem: FileSystem;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kv-file-system-'));
    fileSystem =
      kind === 'NodeFileSystem' ? await NodeFileSystem.open(folder) : new MemoryFileSystem();
  });

  afterEach(async () => {
    await rm(folder, {recursive: true, force: true});
  });

  test('append adds to what is there, before and after reopening', async () => {
    const first = await fileSystem.open('wal.db', 'append');
    expect(first.size).toBe(0);
    await first.append(bytesOf('one,'));
    await first.append(bytesOf('two,'));
    expect(first.size).toBe(8);
    await first.sync();
    await first.close();

    const second = await fileSystem.open('wal.db', 'append');
    expect(second.size).toBe(8);
    await second.append(bytesOf('three'));
    await second.close();
    expect(textOf(await fileSystem.readFile('wal.db'))).toBe('one,two,three');
  });

  test('after truncate the next append goes to the new end', async () => {
    for (const mode of ['append', 'create'] as const) {
      const file = await fileSystem.open('wal.db', mode);
      await file.truncate(0);
      await file.append(bytesOf('0123456789'));
      await file.truncate(4);
      expect(file.size).toBe(4);
      await file.append(bytesOf('ab'));
      expect(textOf(await file.read(0, 100))).toBe('0123ab');
      await file.close();
    }
  });

  test('truncate beyond the end adds zeros', async () => {
    const file = await fileSystem.open('f', 'create');
    await file.append(bytesOf('abc'));
    await file.truncate(1);
    await file.truncate(3);
    expect(await file.read(0, 3)).toEqual(Uint8Array.of(97, 0, 0));
    await file.close();
  });

  test('reads stop at the end of the file', async () => {
    await write(fileSystem, 'f', '0123456789');
    const file = await fileSystem.open('f', 'read');
    expect(file.size).toBe(10);
    for (const [offset, length, expected] of [
      [0, 4, '0123'],
      [8, 4, '89'],
      [10, 4, ''],
      [99, 4, ''],
      [3, 0, ''],
    ] as const) {
      expect(textOf(await file.read(offset, length))).toBe(expected);
      expect(textOf(file.readSync(offset, length))).toBe(expected);
    }
    await file.close();
  });

  test('what a read returned does not change with the file', async () => {
    const file = await fileSystem.open('f', 'create');
    await file.append(bytesOf('old'));
    const before = [await file.read(0, 3), file.readSync(0, 3), fileSystem.readFileSync('f')];
    await file.truncate(0);
    await file.append(bytesOf('new'));
    expect(before.map(textOf)).toEqual(['old', 'old', 'old']);
    await file.close();
  });

  test('bytes are Uint8Array, whose slice copies', async () => {
    await write(fileSystem, 'f', 'abc');
    const file = await fileSystem.open('f', 'read');
    for (const bytes of [
      await file.read(0, 3),
      file.readSync(0, 3),
      await fileSystem.readFile('f'),
      fileSystem.readFileSync('f'),
    ]) {
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    }
    await file.close();
  });

  test('create empties an existing file', async () => {
    await write(fileSystem, 'f', 'a long content');
    await write(fileSystem, 'f', 'short');
    expect(textOf(await fileSystem.readFile('f'))).toBe('short');
  });

  test('rename replaces, remove removes, list is sorted', async () => {
    await write(fileSystem, 'b', 'b');
    await write(fileSystem, 'a', 'a');
    await write(fileSystem, 'c', 'c');
    await fileSystem.rename('c', 'a');
    expect(await fileSystem.list('')).toEqual(['a', 'b']);
    expect(textOf(fileSystem.readFileSync('a'))).toBe('c');
    await fileSystem.remove('b');
    await fileSystem.syncDir('');
    expect(await fileSystem.list('')).toEqual(['a']);
  });

  test('a removed file can be read while it is open', async () => {
    await write(fileSystem, 'f', 'still here');
    const file = await fileSystem.open('f', 'read');
    await fileSystem.remove('f');
    expect(textOf(file.readSync(0, 100))).toBe('still here');
    await file.close();
  });

  test('directories nest, and making one twice is no error', async () => {
    await fileSystem.makeDir('l0');
    await fileSystem.makeDir('l0');
    await fileSystem.makeDir('l0/deep');
    await write(fileSystem, 'l0/f', 'x');
    await fileSystem.rename('l0/f', 'l0/g');
    await fileSystem.syncDir('l0');
    expect(await fileSystem.list('l0')).toEqual(['deep', 'g']);
  });

  test('errors carry the code of the operating system', async () => {
    await write(fileSystem, 'file', 'x');
    await fileSystem.makeDir('dir');
    const failures: [string, string, () => unknown][] = [
      ['open absent', 'ENOENT', () => fileSystem.open('absent', 'read')],
      ['readFile absent', 'ENOENT', () => fileSystem.readFile('absent')],
      ['readFileSync absent', 'ENOENT', () => fileSystem.readFileSync('absent')],
      ['remove absent', 'ENOENT', () => fileSystem.remove('absent')],
      ['rename absent', 'ENOENT', () => fileSystem.rename('absent', 'b')],
      ['list absent', 'ENOENT', () => fileSystem.list('absent')],
      ['syncDir absent', 'ENOENT', () => fileSystem.syncDir('absent')],
      ['open in an absent directory', 'ENOENT', () => fileSystem.open('absent/f', 'create')],
      ['makeDir in an absent directory', 'ENOENT', () => fileSystem.makeDir('absent/d')],
      ['makeDir over a file', 'EEXIST', () => fileSystem.makeDir('file')],
      ['open a directory', 'EISDIR', () => fileSystem.open('dir', 'read')],
      ['read a directory', 'EISDIR', () => fileSystem.readFile('dir')],
      ['list a file', 'ENOTDIR', () => fileSystem.list('file')],
      ['open below a file', 'ENOTDIR', () => fileSystem.open('file/f', 'create')],
    ];
    for (const [what, code, call] of failures) {
      await expect((async () => call())(), what).rejects.toMatchObject({code});
    }
  });

  test('a file opened for reading cannot be written; a closed one cannot be used', async () => {
    await write(fileSystem, 'f', 'x');
    const file = await fileSystem.open('f', 'read');
    await expect(file.append(bytesOf('y'))).rejects.toMatchObject({code: 'EBADF'});
    await file.close();
    await expect(file.read(0, 1)).rejects.toMatchObject({code: 'EBADF'});
    await expect(file.sync()).rejects.toMatchObject({code: 'EBADF'});
    await expect(file.close()).rejects.toMatchObject({code: 'EBADF'});
    expect(() => file.readSync(0, 1)).toThrow(expect.objectContaining({code: 'EBADF'}));
  });

  test('calls under way when a file is closed still succeed', async () => {
    const file = await fileSystem.open('f', 'append');
    const calls = [file.append(bytesOf('x'.repeat(100_000))), file.sync(), file.close()];
    await Promise.all(calls);
    expect(fileSystem.readFileSync('f').length).toBe(100_000);
  });

  test.each(['/etc/passwd', '..', '../x', 'a/../../x', './x', 'a//b', 'a/', 'a\\b', 'a\0b'])(
    'the path %j is refused by every verb',
    async (path) => {
      await write(fileSystem, 'f', 'x');
      const calls: (() => unknown)[] = [
        () => fileSystem.open(path, 'append'),
        () => fileSystem.readFile(path),
        () => fileSystem.readFileSync(path),
        () => fileSystem.rename(path, 'g'),
        () => fileSystem.rename('f', path),
        () => fileSystem.remove(path),
        () => fileSystem.makeDir(path),
        () => fileSystem.list(path),
        () => fileSystem.syncDir(path),
      ];
      for (const call of calls) await expect((async () => call())()).rejects.toThrow();
      expect(await fileSystem.list('')).toEqual(['f']);
    },
  );
});
