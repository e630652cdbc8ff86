import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import {expect, it, vi} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 10, preparesNextLog: true};

async function fill(engine: Engine, count: number): Promise<void> {
  for (let index = 0; index < count; index++) await engine.put(`key${index}`, 'x');
}

function logsOf(fileSystem: MemoryFileSystem): string[] {
  return Array.from(fileSystem.files(), ([path]) => path).filter((path) => path.startsWith('wal-'));
}

it('makes the next log at 80 % of the memtable, not before', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  await fill(engine, 7);
  expect(logsOf(fileSystem)).toEqual(['wal-1.db']);
  await fill(engine, 8);
  expect(logsOf(fileSystem)).toEqual(['wal-1.db', 'wal-2.db']);
  await engine.close();
});

it('waits for no file when the memtable is full', async () => {
  const fileSystem = new MemoryFileSystem({recordMax: 100});
  const engine = await Engine.open(fileSystem, OPTIONS);
  await fill(engine, 9);
  const before = fileSystem.operationCount;
  const never = new Promise<void>(() => {});
  fileSystem.setHooks({pause: async ({path}) => (path.startsWith('l0/') ? never : undefined)});
  await fill(engine, 12);
  const later = fileSystem.operations.filter(({index}) => index >= before);
  expect(
    later.filter(({kind}) => kind === 'open' || kind === 'syncDir').map(({path}) => path),
  ).toEqual([]);
});

it('removes a log that was not needed', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  await fill(engine, 9);
  await engine.close();
  expect(logsOf(fileSystem)).toEqual(['wal-1.db']);
  expect(fileSystem.openFileCount).toBe(0);
});

it('begins anew if the next log could not be made', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) =>
      kind === 'open' && path === 'wal-2.db' ? {code: 'EIO'} : undefined,
  });
  await fill(engine, 10);
  await vi.waitFor(() => expect(events).toContain('rotation-failed'));
  await expect(engine.put('more', 'x')).rejects.toMatchObject({code: 'IO'});
  fileSystem.setHooks({beforeOperation: undefined});
  await engine.put('more', 'x');
  expect(engine.get('more')).toBe('x');
  await engine.close();
});
