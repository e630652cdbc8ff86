import {expect, test} from 'vitest';
import type {Operation} from '../src/memory-file-system/operation.ts';
import {MemoryFileSystem} from '../src/memory-file-system.ts';

const encoder = new TextEncoder();
const bytesOf = (value: string): Uint8Array => encoder.encode(value);

/** The seen content of every file, zeros shown as dots. */
function contents(fileSystem: MemoryFileSystem): Record<string, string> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    [...fileSystem.files()].map(([path, bytes]) => [
      path,
      decoder.decode(bytes).replaceAll('\0', '.'),
    ]),
  );
}

test('every operation is counted and recorded, reads included', async () => {
  const fileSystem = new MemoryFileSystem();
  const file = await fileSystem.open('f', 'append');
  await file.append(bytesOf('abc'));
  await file.sync();
  file.readSync(0, 2);
  await file.close();
  await fileSystem.rename('f', 'g');
  await fileSystem.syncDir('');
  expect(fileSystem.operations).toEqual([
    {index: 0, kind: 'open', path: 'f', mode: 'append'},
    {index: 1, kind: 'append', path: 'f', bytes: 3},
    {index: 2, kind: 'sync', path: 'f'},
    {index: 3, kind: 'read', path: 'f', bytes: 2},
    {index: 4, kind: 'close', path: 'f'},
    {index: 5, kind: 'rename', path: 'f', to: 'g'},
    {index: 6, kind: 'syncDir', path: ''},
  ]);
  expect(fileSystem.operationCount).toBe(7);
  expect(fileSystem.operationCountOf('sync')).toBe(1);
});

test('records are bounded, counts are not', async () => {
  const fileSystem = new MemoryFileSystem({recordMax: 10});
  for (let index = 0; index < 95; index++) await fileSystem.list('');
  expect(fileSystem.operationCount).toBe(95);
  expect(fileSystem.operations.map((operation) => operation.index)).toEqual([
    85, 86, 87, 88, 89, 90, 91, 92, 93, 94,
  ]);
});

test('afterMutation is told of each change at once, and of nothing else', async () => {
  const seen: string[] = [];
  const fileSystem = new MemoryFileSystem();
  fileSystem.setHooks({
    afterMutation: (operation) => {
      seen.push(`${operation.kind} ${JSON.stringify(contents(fileSystem))}`);
    },
  });
  const file = await fileSystem.open('f', 'append');
  await file.append(bytesOf('abc'));
  await file.read(0, 3);
  await fileSystem.list('');
  await file.sync();
  await (await fileSystem.open('f', 'append')).close();
  await fileSystem.rename('f', 'g');
  expect(seen).toEqual([
    'open {"f":""}',
    'append {"f":"abc"}',
    'sync {"f":"abc"}',
    'rename {"g":"abc"}',
  ]);
});

test('a fault makes its operation fail and leaves everything as it was', async () => {
  const failAt = new Set(['truncate', 'rename', 'remove', 'makeDir', 'read']);
  const fileSystem = new MemoryFileSystem();
  const file = await fileSystem.open('f', 'create');
  await file.append(bytesOf('abc'));
  const seen: Operation[] = [];
  fileSystem.setHooks({
    beforeOperation: (operation) => (failAt.has(operation.kind) ? {code: 'EIO'} : undefined),
    afterMutation: (operation) => seen.push(operation),
  });
  await expect(file.truncate(0)).rejects.toMatchObject({code: 'EIO', syscall: 'truncate'});
  await expect(fileSystem.rename('f', 'g')).rejects.toMatchObject({code: 'EIO'});
  await expect(fileSystem.remove('f')).rejects.toMatchObject({code: 'EIO'});
  await expect(fileSystem.makeDir('d')).rejects.toMatchObject({code: 'EIO'});
  expect(() => file.readSync(0, 1)).toThrow('EIO');
  expect(contents(fileSystem)).toEqual({f: 'abc'});
  expect(seen).toEqual([]);
});

test('an append may fail after a short write', async () => {
  const fileSystem = new MemoryFileSystem({
    beforeOperation: ({kind}) =>
      kind === 'append' ? {code: 'ENOSPC', shortWriteBytes: 2} : undefined,
  });
  const file = await fileSystem.open('f', 'create');
  await expect(file.append(bytesOf('abc'))).rejects.toMatchObject({code: 'ENOSPC'});
  expect(file.size).toBe(2);
  expect(contents(fileSystem)).toEqual({f: 'ab'});
});

test('after a crash every operation of the old process fails', async () => {
  const fileSystem = new MemoryFileSystem();
  const file = await fileSystem.open('f', 'create');
  fileSystem.crash();
  await expect(file.append(bytesOf('x'))).rejects.toMatchObject({code: 'EIO'});
  await expect(fileSystem.open('g', 'create')).rejects.toMatchObject({code: 'EIO'});
  expect(() => fileSystem.readFileSync('f')).toThrow('EIO');
  expect(contents(fileSystem)).toEqual({f: ''});
});

test('with a pause an operation takes effect only later', async () => {
  const fileSystem = new MemoryFileSystem({
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const file = await fileSystem.open('f', 'create');
  const append = file.append(bytesOf('x'));
  await Promise.resolve();
  expect(file.size).toBe(0);
  await append;
  expect(file.size).toBe(1);
});

test('renames across directories are refused as not modelled', async () => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDir('d');
  await (await fileSystem.open('f', 'create')).close();
  await expect(fileSystem.rename('f', 'd/f')).rejects.toThrow('not modelled');
});
