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
  for (let taken = 0; taken < 15; taken++) keys.next();
  expect(opened.filter((path) => path.startsWith('l1/')).length).toBeLessThanOrEqual(2);
  const rest: string[] = [];
  for (const key of keys) rest.push(key);
  expect(rest).toEqual(Array.from({length: 35}, (_, index) => keyOf(65 + index)));
  expect(opened.filter((path) => path.startsWith('l1/')).length).toBeLessThanOrEqual(6);
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
