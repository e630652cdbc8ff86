import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import {expect, it, vi} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 2};

/** Five keys in three logs, none of them flushed: wal-1 and wal-2 are full. */
async function threeLogs(): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  const never = new Promise<void>(() => {});
  fileSystem.setHooks({pause: async ({path}) => (path.startsWith('l0/') ? never : undefined)});
  for (const key of ['a', 'b', 'c', 'd', 'e']) await engine.put(key, 'x');
  return fileSystem.killClone();
}

function contents(fileSystem: MemoryFileSystem): [string, string][] {
  return Array.from(fileSystem.files(), ([path, bytes]) => [path, new TextDecoder().decode(bytes)]);
}

async function append(fileSystem: MemoryFileSystem, path: string, text: string): Promise<void> {
  const file = await fileSystem.open(path, 'append');
  await file.append(new TextEncoder().encode(text));
  await file.close();
}

it('replays all logs, and flushes the full ones', async () => {
  const fileSystem = await threeLogs();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  expect([...engine.scan('a', 'z')]).toEqual(['a', 'b', 'c', 'd', 'e']);
  await engine.close();
  expect(events).toEqual(['flush', 'flush']);
});

it.each([
  ['torn', '{"op":"put","key":"q', 'record without newline'],
  ['damaged', 'nonsense\n', 'invalid record'],
])('refuses to start on a %s record in front of a log with records', async (_, text, reason) => {
  const fileSystem = await threeLogs();
  const offset = fileSystem.readFileSync('wal-2.db').length;
  await append(fileSystem, 'wal-2.db', text);
  const before = contents(fileSystem);
  await expect(Engine.open(fileSystem, OPTIONS)).rejects.toMatchObject({
    code: 'CORRUPTION',
    file: 'wal-2.db',
    offset,
    message: expect.stringContaining(reason),
  });
  expect(contents(fileSystem)).toEqual(before);
  expect(fileSystem.openFileCount).toBe(0);
});

it('cuts a torn record off if nothing was written to later logs', async () => {
  const fileSystem = await threeLogs();
  const file = await fileSystem.open('wal-3.db', 'append');
  await file.truncate(0);
  await file.close();
  await append(fileSystem, 'wal-2.db', '{"op":"put","key":"q');
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  expect(events).toEqual(['wal-truncated']);
  expect([...engine.scan('a', 'z')]).toEqual(['a', 'b', 'c', 'd']);
  await engine.close();
});

it.each(['wal-1.db', 'wal-2.db'])('refuses to start without %s', async (path) => {
  const fileSystem = await threeLogs();
  await fileSystem.remove(path);
  await expect(Engine.open(fileSystem, OPTIONS)).rejects.toMatchObject({
    code: 'CORRUPTION',
    file: path,
  });
});

it('refuses to start without the only log, unless the folder is new', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  for (const key of ['a', 'b', 'c']) await engine.put(key, 'x');
  await engine.close();
  await fileSystem.remove('wal-2.db');
  await expect(Engine.open(fileSystem, OPTIONS)).rejects.toMatchObject({file: 'wal-2.db'});
});

it('does not call it a flush if a log had nothing', async () => {
  const fileSystem = await threeLogs();
  for (const path of ['wal-2.db', 'wal-3.db']) {
    const file = await fileSystem.open(path, 'append');
    await file.truncate(0);
    await file.close();
  }
  const flushed: (number | undefined)[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type, count}) => {
    if (type === 'flush') flushed.push(count);
  });
  await engine.close();
  expect(flushed).toEqual([2]);
  expect(contents(fileSystem).some(([path]) => path === 'wal-2.db')).toBe(false);
});

it('takes nothing for data that is left of an earlier SSTable of the same id', async () => {
  const options = {memtableEntriesMax: 2, compactionUpdates: 4};
  const fileSystem = new MemoryFileSystem();
  const first = await Engine.open(fileSystem, options);
  await first.put('a', 'old');
  await first.put('b', 'old');
  await vi.waitFor(() => expect(tablesOf(fileSystem).length).toBe(1));
  const old = Array.from(fileSystem.files()).filter(([path]) => path.startsWith('l0/'));
  await first.delete('a');
  await first.delete('b');
  await first.close();
  // Nothing is listed, so the next id is 1 again.
  expect(tablesOf(fileSystem)).toEqual([]);
  for (const [path, bytes] of old) {
    const file = await fileSystem.open(path, 'create');
    await file.append(bytes);
    await file.close();
  }
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) =>
      kind === 'remove' && path.startsWith('l0/') ? {code: 'EIO'} : undefined,
  });
  await expect(Engine.open(fileSystem, options)).rejects.toMatchObject({code: 'IO'});
  fileSystem.setHooks({beforeOperation: undefined});
  const second = await Engine.open(fileSystem, options);
  expect(second.get('a')).toBeUndefined();
  await second.put('b', 'new');
  await second.put('c', 'new');
  await second.close();
  expect(tablesOf(fileSystem)).toEqual(['l0/sst-1.sst']);
  const third = await Engine.open(fileSystem.killClone(), options);
  expect(['a', 'b', 'c'].map((key) => third.get(key))).toEqual([undefined, 'new', 'new']);
  await third.close();
});

function tablesOf(fileSystem: MemoryFileSystem): string[] {
  return contents(fileSystem)
    .map(([path]) => path)
    .filter((path) => path.endsWith('.sst'));
}
