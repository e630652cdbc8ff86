import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import type {Run} from './levels.ts';
import {type Entry, readEntries} from './sstable.ts';

/**
 * Calls `use` with the entries of each run, and closes the files afterwards.
 * Simplification, and its cost: all files are opened at once, a handle each.
 */
export async function withRuns<T>(
  fileSystem: FileSystem,
  inputs: readonly Run[],
  use: (runs: Iterable<Entry>[]) => T | Promise<T>,
): Promise<T> {
  const files = new Map<string, File>();
  try {
    for (const {path} of inputs.flat()) files.set(path, await fileSystem.open(path, 'read'));
    return await use(inputs.map((run) => readRun(run, files)));
  } finally {
    await Promise.all(Array.from(files.values(), (file) => file.close()));
  }
}

function* readRun(run: Run, files: ReadonlyMap<string, File>): Generator<Entry> {
  for (const {path} of run) {
    const file = files.get(path);
    if (file !== undefined) yield* readEntries(file, path);
  }
}
