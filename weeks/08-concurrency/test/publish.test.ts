import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import type {Operation} from '@kv-workshop/shared/memory-file-system/operation';
import {expect, it, vi} from 'vitest';
import {Engine} from '../src/engine.ts';

/** Every second write flushes; a compaction is due after four. */
const OPTIONS = {memtableEntriesMax: 2, compactionUpdates: 4};

interface Store {
  readonly fileSystem: MemoryFileSystem;
  readonly engine: Engine;
  readonly events: string[];
}

async function open(fileSystem = new MemoryFileSystem()): Promise<Store> {
  const events: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  return {fileSystem, engine, events};
}

function failIf(fileSystem: MemoryFileSystem, fails: (operation: Operation) => boolean): void {
  fileSystem.setHooks({
    beforeOperation: (operation) => (fails(operation) ? {code: 'ENOSPC'} : undefined),
  });
}

function works(fileSystem: MemoryFileSystem): void {
  fileSystem.setHooks({beforeOperation: undefined});
}

function tables(fileSystem: MemoryFileSystem): string[] {
  return Array.from(fileSystem.files(), ([path]) => path).filter((path) => path.endsWith('.sst'));
}

function count(events: readonly string[], type: string): number {
  return events.filter((event) => event === type).length;
}

it.each(['open', 'append', 'sync'])(
  'removes what it has made if %s of MANIFEST fails, and tries again by itself',
  async (kind) => {
    const {fileSystem, engine, events} = await open();
    failIf(fileSystem, (operation) => operation.kind === kind && operation.path.endsWith('.tmp'));
    await engine.put('a', '1');
    await engine.put('b', '1');
    await vi.waitFor(() => expect(count(events, 'flush-failed')).toBeGreaterThan(1));
    await vi.waitFor(() => expect(tables(fileSystem)).toEqual([]));
    works(fileSystem);
    await vi.waitFor(() => expect(events).toContain('flush'));
    expect(tables(fileSystem).length).toBe(1);
    await engine.close();
  },
);

it('does so after a compaction, too', async () => {
  const {fileSystem, engine, events} = await open();
  let isCompacting = false;
  failIf(fileSystem, ({path}) => {
    isCompacting ||= path.startsWith('l1/');
    return isCompacting && path.endsWith('.tmp');
  });
  for (const key of ['a', 'b', 'c', 'd']) await engine.put(key, '1');
  await vi.waitFor(() => expect(count(events, 'compaction-failed')).toBeGreaterThan(1));
  await vi.waitFor(() => {
    expect(tables(fileSystem).filter((path) => path.startsWith('l1/'))).toEqual([]);
  });
  works(fileSystem);
  await vi.waitFor(() => expect(events).toContain('compaction'));
  expect([...engine.scan('a', 'z')]).toEqual(['a', 'b', 'c', 'd']);
  await engine.close();
  expect(tables(fileSystem).map((path) => path.slice(0, 3))).toEqual(['l1/', 'l1/']);
});

it.each(['rename', 'syncDir'])(
  'keeps what a MANIFEST lists that may count after %s failed, until a newer one does',
  async (kind) => {
    const {fileSystem, engine, events} = await open();
    let isFirst = true;
    failIf(fileSystem, (operation) => {
      const isIt = operation.kind === kind && (kind === 'rename' || operation.path === '');
      // That of a new log comes before.
      const isOfManifest = tables(fileSystem).length > 0;
      if (!isIt || !isOfManifest || !isFirst) return false;
      isFirst = false;
      return true;
    });
    await engine.put('a', '1');
    await engine.put('b', '1');
    await vi.waitFor(() => expect(events).toContain('flush-failed'));
    const left = fileSystem.killClone();
    expect(tables(left).length).toBe(1);
    const restarted = await open(left);
    expect([...restarted.engine.scan('a', 'z')]).toEqual(['a', 'b']);
    await restarted.engine.close();
    await vi.waitFor(() => expect(events).toContain('flush'));
    await engine.close();
    expect(tables(fileSystem).length).toBe(1);
  },
);
