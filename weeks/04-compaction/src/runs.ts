import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import {type Entry, readEntries} from './sstable.ts';

/**
 * Calls `use` with the entries of each SSTable, and closes the files afterwards.
 * Simplification, and its cost: all files are opened at once, a handle each.
 */
export async function withRuns<T>(
  fileSystem: FileSystem,
  names: readonly string[],
  use: (runs: Iterable<Entry>[]) => T | Promise<T>,
): Promise<T> {
  const files = new Map<string, File>();
  try {
    for (const name of names) files.set(name, await fileSystem.open(name, 'read'));
    return await use(Array.from(files, ([name, file]) => readEntries(file, name)));
  } finally {
    await Promise.all(Array.from(files.values(), (file) => file.close()));
  }
}
