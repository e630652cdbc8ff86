/**
 * Optional: removes, at start, what a crash left between the steps of a flush:
 * SSTables that MANIFEST does not list, and temporary files. No other file is
 * touched. Without it they take up space for ever.
 */
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {listFiles} from './levels.ts';
import {sstableId} from './sstable.ts';

/** REQUIRES: `listed` was read from a MANIFEST that is durable. */
export async function removeOrphans(
  fileSystem: FileSystem,
  listed: readonly string[],
  onEvent: OnEvent,
): Promise<void> {
  for (const name of await listFiles(fileSystem)) {
    const isOurs = sstableId(name) !== undefined || name === 'MANIFEST.tmp';
    if (!isOurs || listed.includes(name)) continue;
    await fileSystem.remove(name);
    onEvent({type: 'orphan-removed', file: name});
  }
}
