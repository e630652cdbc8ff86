import {MemoryFileSystem} from '@kv-workshop/shared/memory-file-system';
import {expect, it} from 'vitest';
import {Engine} from '../src/engine.ts';

const OPTIONS = {memtableEntriesMax: 10, l0TablesMax: 2};

it('reads of L1 one SSTable at a time, and none beyond the last key that is taken', async () => {
  const {fileSystem, engine} = await filled(200);
  const opened: string[] = [];
  fileSystem.setHooks({
    beforeOperation: ({kind, path}) => {
      if (kind === 'open') opened.push(path);
      return undefined;
    },
  });
  const keys = engine.scan('key0050', 'key0100');
  for (let taken = 0; taken < 15; taken++) await keys.next();
  expect(opened.filter((path) => path.startsWith('l1/')).length).toBeLessThanOrEqual(2);
  const rest: string[] = [];
  for await (const key of keys) rest.push(key);
  expect(rest).toEqual(Array.from({length: 35}, (_, index) => keyOf(65 + index)));
  expect(opened.filter((path) => path.startsWith('l1/')).length).toBeLessThanOrEqual(6);
});

it('lets other requests run between two slices', async () => {
  const {engine} = await filled(100);
  const keys = engine.scan('key0000', 'key9999');
  expect(await keys.next()).toEqual({done: false, value: 'key0000'});
  await engine.put('key0001', 'again');
  await engine.delete('key0098');
  await engine.put('key0098a', 'behind');
  const rest: string[] = [];
  for await (const key of keys) rest.push(key);
  const expected = Array.from({length: 99}, (_, index) => keyOf(index + 1));
  expect(rest).toEqual(expected.map((key) => (key === 'key0098' ? 'key0098a' : key)));
});

async function filled(count: number): Promise<{fileSystem: MemoryFileSystem; engine: Engine}> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Engine.open(fileSystem, OPTIONS);
  // Not in order, so that the key ranges in L0 overlap.
  for (let index = 0; index < count; index++) await engine.put(keyOf((index * 7) % count), 'x');
  await engine.checkInvariants();
  return {fileSystem, engine};
}

function keyOf(number: number): string {
  return `key${String(number).padStart(4, '0')}`;
}
