import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import * as fc from 'fast-check';
import {expect, it, vi} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 4, compactionUpdates: 12, l0TablesMax: 2};

it('keeps every write and scans one version, whatever order everything comes in', async () => {
  const choices = fc.record({
    fullMemtablesMax: fc.integer({min: 1, max: 3}),
    groupCommit: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), choices, async (scheduler, choice) => {
      const fileSystem = new MemoryFileSystem();
      const events: string[] = [];
      const options = {...OPTIONS, ...choice};
      const engine = await Engine.open(fileSystem, options, ({type}) => events.push(type));
      fileSystem.setHooks({pause: ({kind}) => scheduler.schedule(Promise.resolve(), kind)});
      const keys = Array.from({length: 40}, (_, index) => `key${index}`);
      const writers = keys.map(async (key, index) => {
        await engine.put(key, '1');
        if (index % 3 === 0) await engine.delete(key);
        else await engine.put(key, `2 ${key}`);
        expect(engine.get(key)).toBe(index % 3 === 0 ? undefined : `2 ${key}`);
      });
      const scans = Array.from({length: 10}, () => scanSlowly(engine, keys, scheduler));
      await scheduler.waitFor(Promise.all([...writers, ...scans]));
      await scheduler.waitFor(engine.close());
      expect(events).toContain('compaction');
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

/** Others run between any two of its keys. It must have those that were there when it began. */
async function scanSlowly(
  engine: Engine,
  keys: readonly string[],
  scheduler: fc.Scheduler,
): Promise<void> {
  await scheduler.schedule(Promise.resolve(), 'begin scan');
  const scan = engine.scan('a', 'z');
  const scanned: string[] = [];
  let next = scan.next();
  const present = keys.filter((key) => engine.get(key) !== undefined);
  while (next.done !== true) {
    scanned.push(next.value);
    await scheduler.schedule(Promise.resolve(), 'scan');
    next = scan.next();
  }
  expect(scanned).toEqual(present.toSorted());
}

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

it('has no more memtables and logs than it may, however many writes wait', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  let unblock = (): void => {};
  const blocked = new Promise<void>((resolve) => {
    unblock = resolve;
  });
  fileSystem.setHooks({pause: async ({path}) => (path.startsWith('l0/') ? blocked : undefined)});
  const writes = Array.from({length: 100}, (_, index) => engine.put(`key${index}`, 'x'));
  await vi.waitFor(() => expect(events).toEqual(['write-stall']));
  // Two that are full, as many as may wait, and the one that takes writes.
  expect(logsOf(fileSystem)).toEqual(['wal-1.db', 'wal-2.db', 'wal-3.db']);
  unblock();
  await Promise.all(writes);
  await engine.close();
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

it('flushes by itself when the space is back', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) =>
      kind === 'append' && path.startsWith('l0/') ? {code: 'ENOSPC'} : undefined,
  });
  for (const key of ['a', 'b', 'c', 'd']) await engine.put(key, 'x');
  await vi.waitFor(() => expect(events).toContain('flush-failed'));
  fileSystem.setHooks({beforeOperation: undefined});
  await vi.waitFor(() => expect(events).toContain('flush'));
  await engine.close();
  expect(logsOf(fileSystem)).toEqual(['wal-2.db']);
});

it('compacts by itself when the space is back', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) =>
      kind === 'append' && path.startsWith('l1/') ? {code: 'ENOSPC'} : undefined,
  });
  for (let index = 0; index < 12; index++) await engine.put(`key${index}`, 'x');
  await vi.waitFor(() => expect(events).toContain('compaction-failed'));
  fileSystem.setHooks({beforeOperation: undefined});
  await vi.waitFor(() => expect(events).toContain('compaction'));
  await engine.checkInvariants();
  await engine.close();
});

it('compacts what there is while flushes fail', async () => {
  const fileSystem = new MemoryFileSystem();
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  for (let index = 0; index < 8; index++) await engine.put(`key${index}`, 'x');
  await vi.waitFor(() => expect(events).toEqual(['flush', 'flush']));
  fileSystem.setHooks({
    beforeOperation: ({mode, path}) =>
      mode === 'create' && path.startsWith('l0/') ? {code: 'ENOSPC'} : undefined,
  });
  for (let index = 8; index < 12; index++) await engine.put(`key${index}`, 'x');
  await vi.waitFor(() => expect(events).toContain('compaction'));
  expect(events).not.toContain('write-stall');
  fileSystem.setHooks({beforeOperation: undefined});
  await engine.close();
  const restarted = await Engine.open(fileSystem, OPTIONS);
  for (let index = 0; index < 12; index++) expect(restarted.get(`key${index}`)).toBe('x');
  await restarted.close();
});

it('closes while flushes fail, and loses nothing', async () => {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  fileSystem.setHooks({
    beforeOperation: ({path}) => (path.startsWith('l0/') ? {code: 'ENOSPC'} : undefined),
  });
  for (let index = 0; index < 6; index++) await engine.put(`key${index}`, 'x');
  await engine.close();
  expect(fileSystem.openFileCount).toBe(0);
  fileSystem.setHooks({beforeOperation: undefined});
  const restarted = await Engine.open(fileSystem, OPTIONS);
  for (let index = 0; index < 6; index++) expect(restarted.get(`key${index}`)).toBe('x');
  await restarted.close();
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

function logsOf(fileSystem: MemoryFileSystem): string[] {
  return Array.from(fileSystem.files(), ([path]) => path).filter((path) => path.startsWith('wal-'));
}
