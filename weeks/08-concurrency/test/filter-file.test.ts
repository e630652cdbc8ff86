import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import {expect, it} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 50, blockCacheBytes: 0, compactionUpdates: 250};
const FILTER = 'l0/sst-1.bloom';

it('spares nearly all reads of SSTables that lack the key', async () => {
  const {fileSystem, engine} = await filled();
  const before = fileSystem.operationCountOf('read');
  for (let index = 0; index < 100; index++) {
    expect(engine.get(`key${index}x`)).toBeUndefined();
  }
  expect(fileSystem.operationCountOf('read') - before).toBeLessThan(10);
});

it('knows deleted keys, so that their tombstones hide what is older', async () => {
  const {engine} = await filled();
  for (let index = 0; index < 50; index++) await engine.delete(`key${index}`);
  for (let index = 0; index < 50; index++) {
    expect(engine.get(`key${index}`)).toBeUndefined();
  }
});

it.each([
  ['missing', async (fileSystem: MemoryFileSystem) => fileSystem.remove(FILTER)],
  ['empty', async (fileSystem: MemoryFileSystem) => replace(fileSystem, new Uint8Array(0))],
  // All bits zero: it would deny every key.
  ['zeroed', async (fileSystem: MemoryFileSystem) => replace(fileSystem, new Uint8Array(2520))],
])('that is %s is rebuilt at start', async (_, damage) => {
  const {fileSystem, engine} = await filled();
  await engine.close();
  const intact = fileSystem.readFileSync(FILTER);
  await damage(fileSystem);
  const events: string[] = [];
  const reopened = await Engine.open(fileSystem, OPTIONS, ({type, file}) => {
    events.push(`${type} ${file}`);
  });
  expect(events).toEqual([`filter-rebuilt ${FILTER}`]);
  expect(fileSystem.readFileSync(FILTER)).toEqual(intact);
  for (let index = 0; index < 100; index++) expect(reopened.get(`key${index}`)).toBe('x');
});

it('that cannot be rebuilt is done without', async () => {
  const {fileSystem, engine} = await filled();
  await engine.close();
  await fileSystem.remove(FILTER);
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) => {
      return kind === 'open' && path === FILTER ? {code: 'ENOSPC'} : undefined;
    },
  });
  const events: string[] = [];
  const reopened = await Engine.open(fileSystem, OPTIONS, ({type}) => events.push(type));
  expect(events).toEqual(['filter-not-rebuilt']);
  for (let index = 0; index < 100; index++) expect(reopened.get(`key${index}`)).toBe('x');
});

it('goes with its SSTable, and stays as long as that does', async () => {
  const {fileSystem, engine} = await filled();
  for (let index = 0; index < 150; index++) await engine.put(`key${index}`, 'y');
  await engine.close();
  await Engine.open(fileSystem, OPTIONS);
  const files = [...fileSystem.files()].map(([path]) => path);
  const names = files.filter((path) => path.startsWith('l')).map((path) => path.split('.')[0]);
  expect(names).toEqual([...new Set(names)].flatMap((name) => [name, name]));
  expect(names.every((name) => name?.startsWith('l1/'))).toBe(true);
});

/** Two SSTables in L0, with key0 to key99. */
async function filled(): Promise<{fileSystem: MemoryFileSystem; engine: Engine}> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  for (let index = 0; index < 100; index++) await engine.put(`key${index}`, 'x');
  return {fileSystem, engine};
}

async function replace(fileSystem: MemoryFileSystem, bytes: Uint8Array): Promise<void> {
  const file = await fileSystem.open(FILTER, 'create');
  await file.append(bytes);
  await file.close();
}
