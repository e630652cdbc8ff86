import type {MemoryFileSystem} from '../../../src/memory-file-system.ts';

/** Waits until an engine that works in the background has nothing more to do. */
export async function settle(fileSystem: MemoryFileSystem): Promise<void> {
  for (let before = -1; before !== fileSystem.operationCount; ) {
    before = fileSystem.operationCount;
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}
