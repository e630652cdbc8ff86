import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import {expect, it} from 'vitest';
import {mergeSSTables} from '../src/compaction.ts';
import {Engine} from '../src/engine.ts';
import {ALL_KEYS, listFiles} from '../src/levels.ts';
import {DEFAULT_OPTIONS} from '../src/options.ts';
import {sstablePath} from '../src/sstable.ts';
import {TableCache} from '../src/table-cache.ts';
import {Turns} from '../src/take-turns.ts';

const ENTRIES_MAX = 100;

it.each([
  [4, 100],
  [4, 1900],
  [40, 100],
])(
  'holds one output and a block or two of each input: %i inputs of %i',
  async (inputs, entries) => {
    const outputBytes = 5 * 4096;
    expect(await bytesAheadMax(inputs, entries)).toBeLessThan(outputBytes + inputs * 2 * 4096);
  },
);

it('reads each input once, by blocks', async () => {
  const {fileSystem, cache, names} = await makeInputs(4);
  const bytes = names.map((name) => fileSystem.readFileSync(name).length);
  const before = fileSystem.operationCount;
  await compact(cache, names);
  const reads = fileSystem.operations.filter(
    ({kind, index}) => index >= before && kind.startsWith('read'),
  );
  expect(reads.every(({kind}) => kind === 'read')).toBe(true);
  const ofOutputs = reads.filter(({path}) => path.startsWith('l1/')).length;
  const blocks = bytes.reduce((sum, size) => sum + size / 4096 - 1, 0);
  expect(reads.length - ofOutputs).toBe(blocks);
});

it('refuses an input that is cut short, and removes what it has written', async () => {
  const {fileSystem, cache, names} = await makeInputs(4);
  const [name = ''] = names;
  const file = await fileSystem.open(name, 'append');
  await file.truncate(file.size - 4096);
  await expect(compact(cache, names, 10)).rejects.toMatchObject({
    code: 'CORRUPTION',
    file: name,
  });
  const left = (await listFiles(fileSystem)).filter((path) => path.endsWith('.sst'));
  expect(left).toEqual(names.toSorted());
});

it('comes due after so many updates since the start, after the flush', async () => {
  const events: string[] = [];
  const fileSystem = new MemoryFileSystem();
  const options = {memtableEntriesMax: 5, compactionUpdates: 10};
  const engine = await Engine.open(fileSystem, options, ({type}) => events.push(type));
  for (let index = 0; index < 9; index++) await engine.put(`key${index}`, 'x');
  expect(events).not.toContain('compaction');
  await engine.delete('absent');
  await engine.close();
  expect(events).toEqual(['flush', 'flush', 'compaction']);
});

it('keeps a tombstone for as long as it may hide something', async () => {
  const cache = new TableCache(await newDataFolder(), DEFAULT_OPTIONS, () => {});
  await cache.write('l0/sst-1.sst', [{key: 'a', value: null}]);
  const input = [{path: 'l0/sst-1.sst', ...ALL_KEYS}];
  const table = {path: 'l1/sst-2.sst', minKey: 'a', maxKey: 'a'};
  expect(await mergeSSTables(cache, [input], true, () => table.path, 9, new Turns())).toEqual([
    table,
  ]);
  expect(await mergeSSTables(cache, [input], false, () => table.path, 9, new Turns())).toEqual([]);
});

it('keeps what it cannot remove out of the data', async () => {
  const events: string[] = [];
  const fileSystem = new MemoryFileSystem({
    beforeOperation: ({kind}) => (kind === 'remove' ? {code: 'EIO'} : undefined),
  });
  const options = {memtableEntriesMax: 1, compactionUpdates: 2};
  const engine = await Engine.open(fileSystem, options, ({type}) => events.push(type));
  await engine.put('a', '1');
  await engine.delete('a');
  await engine.close();
  const left = events.filter((type) => type === 'orphan-left').length;
  expect(events.filter((type) => type === 'compaction').length).toBe(1);
  fileSystem.setHooks({beforeOperation: undefined});
  const reopened = await Engine.open(fileSystem, options, ({type}) => events.push(type));
  // Of each SSTable the file and the filter are two.
  expect(events.filter((type) => type === 'orphan-removed').length).toBeGreaterThan(left);
  expect(reopened.get('a')).toBeUndefined();
});

/** The most that a compaction of `count` SSTables has read and not yet written. */
async function bytesAheadMax(count: number, entriesEach: number): Promise<number> {
  const {fileSystem, cache, names} = await makeInputs(count, entriesEach);
  let ahead = 0;
  let aheadMax = 0;
  fileSystem.setHooks({
    beforeOperation: ({kind, bytes = 0}) => {
      if (kind === 'readFile') throw new Error('a compaction must not read a whole file');
      if (kind === 'read') ahead += bytes;
      if (kind === 'append') ahead -= bytes;
      aheadMax = Math.max(aheadMax, ahead);
      return undefined;
    },
  });
  await compact(cache, names);
  return aheadMax;
}

/** SSTables that have no key in common, and whose key ranges overlap. */
async function makeInputs(
  count: number,
  entriesEach = ENTRIES_MAX,
): Promise<{fileSystem: MemoryFileSystem; cache: TableCache; names: string[]}> {
  const fileSystem = await newDataFolder();
  const cache = new TableCache(fileSystem, DEFAULT_OPTIONS, () => {});
  const names: string[] = [];
  for (let table = 0; table < count; table++) {
    const name = sstablePath(0, table + 1);
    names.push(name);
    const entries = Array.from({length: entriesEach}, (_, index) => ({
      key: `key${String(index * count + table).padStart(6, '0')}`,
      value: 'x'.repeat(50),
    }));
    await cache.write(name, entries);
  }
  return {fileSystem, cache, names};
}

async function newDataFolder(): Promise<MemoryFileSystem> {
  const fileSystem = new MemoryFileSystem({recordMax: 10_000});
  for (const folder of ['l0', 'l1']) await fileSystem.makeDir(folder);
  return fileSystem;
}

async function compact(
  cache: TableCache,
  names: readonly string[],
  entriesMax = ENTRIES_MAX,
): Promise<void> {
  let id = 1000;
  const newName = (): string => sstablePath(1, id++);
  const inputs = names.map((path) => [{path, ...ALL_KEYS}]);
  await mergeSSTables(cache, inputs, false, newName, entriesMax, new Turns());
}
