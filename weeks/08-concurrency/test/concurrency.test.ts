import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import * as fc from 'fast-check';
import {expect, it, vi} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 4, compactionUpdates: 12, l0TablesMax: 2};

it('keeps every write, whatever order files, flushes and compactions come in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const fileSystem = new MemoryFileSystem();
      const engine = await Engine.open(fileSystem, OPTIONS);
      fileSystem.setHooks({pause: ({kind}) => scheduler.schedule(Promise.resolve(), kind)});
      const keys = Array.from({length: 40}, (_, index) => `key${index}`);
      const writers = keys.map(async (key, index) => {
        await engine.put(key, '1');
        if (index % 3 === 0) await engine.delete(key);
        else await engine.put(key, `2 ${key}`);
        expect(engine.get(key)).toBe(index % 3 === 0 ? undefined : `2 ${key}`);
      });
      await scheduler.waitFor(Promise.all(writers));
      await scheduler.waitFor(engine.close());
      fileSystem.setHooks({pause: undefined});
      const reopened = await Engine.open(fileSystem.killClone(), OPTIONS);
      for (const [index, key] of keys.entries()) {
        expect(reopened.get(key)).toBe(index % 3 === 0 ? undefined : `2 ${key}`);
      }
      await reopened.checkInvariants();
      await reopened.close();
    }),
    {numRuns: 30},
  );
});

it('scans one version, from its first key to its last', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  const keys = Array.from({length: 30}, (_, index) => `key${String(index).padStart(2, '0')}`);
  for (const key of keys) await engine.put(key, 'x');
  const scan = engine.scan('a', 'z');
  expect(scan.next().value).toBe('key00');
  for (const key of keys) await engine.delete(key);
  for (let index = 0; index < 30; index++) await engine.put(`key${index}new`, 'x');
  const rest: string[] = [...scan];
  expect(rest).toEqual(keys.slice(1));
  await engine.checkInvariants();
  await engine.close();
});

it('keeps old logs and SSTables for a scan, and a crash meanwhile loses nothing', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  for (let index = 0; index < 9; index++) await engine.put(`key${index}`, 'old');
  const scan = engine.scan('a', 'z');
  scan.next();
  for (let index = 0; index < 9; index++) await engine.put(`key${index}`, 'new');
  await engine.delete('key3');
  const crashed = await Engine.open(fileSystem.killClone(), OPTIONS);
  for (let index = 0; index < 9; index++) {
    expect(crashed.get(`key${index}`)).toBe(index === 3 ? undefined : 'new');
  }
  scan.return?.(undefined);
  await Promise.all([engine.close(), crashed.close()]);
});

it('stalls writes while too many memtables wait, and goes on when they are flushed', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  let isBlocked = true;
  let unblock = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    unblock = resolve;
  });
  fileSystem.setHooks({
    pause: async ({path}) => {
      if (isBlocked && path.endsWith('.bloom')) await blocked;
    },
  });
  const writes = Array.from({length: 40}, (_, index) => engine.put(`key${index}`, 'x'));
  await vi.waitFor(() => expect(events).toContain('write-stall'));
  expect(engine.get('key39')).toBeUndefined();
  isBlocked = false;
  unblock();
  await Promise.all(writes);
  for (let index = 0; index < 40; index++) expect(engine.get(`key${index}`)).toBe('x');
  await engine.close();
});

it('flushes while it compacts, and compacts again if that became due meanwhile', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  let unblock = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    unblock = resolve;
  });
  fileSystem.setHooks({
    pause: async ({path}) => {
      if (path.startsWith('l1/')) await blocked;
    },
  });
  for (let index = 0; index < 24; index++) await engine.put(`key${index}`, 'x');
  await vi.waitFor(() => expect(events).toEqual(Array.from({length: 6}, () => 'flush')));
  unblock();
  await engine.close();
  expect(events.slice(6)).toEqual(['compaction', 'compaction']);
});

it('refuses writes while flushes fail, and flushes all when the space is back', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  fileSystem.setHooks({
    beforeOperation: ({path, mode}) =>
      mode === 'create' && path.startsWith('l0/') ? {code: 'ENOSPC'} : undefined,
  });
  let acknowledged = 0;
  const fill = async (): Promise<void> => {
    for (; acknowledged < 40; acknowledged++) await engine.put(`key${acknowledged}`, 'x');
  };
  await expect(fill()).rejects.toMatchObject({code: 'IO'});
  expect(events).toContain('flush-failed');
  for (let index = 0; index < acknowledged; index++) expect(engine.get(`key${index}`)).toBe('x');
  fileSystem.setHooks({beforeOperation: undefined});
  await fill();
  expect(events).toContain('flush');
  for (let index = 0; index < 40; index++) expect(engine.get(`key${index}`)).toBe('x');
  await engine.close();
});

it('syncs once for a group of writes, and for each of them if told so', async () => {
  for (const [groupCommit, syncs] of [
    [true, 1],
    [false, 20],
  ] as const) {
    const fileSystem = new MemoryFileSystem();
    const engine = await Engine.open(fileSystem, {groupCommit});
    const before = fileSystem.operationCountOf('sync');
    await Promise.all(Array.from({length: 20}, (_, index) => engine.put(`key${index}`, 'x')));
    expect(fileSystem.operationCountOf('sync') - before).toBe(syncs);
    await engine.close();
  }
});
