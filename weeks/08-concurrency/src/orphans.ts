/**
 * Optional: removes, at start, what a crash left between the steps of a flush:
 * SSTables that MANIFEST does not list, their Bloom filters, older MANIFESTs and
 * logs, and temporary files. No other file is touched. Without it they take up
 * space for ever.
 */
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {tablePath} from './filter-file.ts';
import {listFiles} from './levels.ts';
import {manifestNumber} from './manifest.ts';
import {sstableId} from './sstable.ts';
import {walNumber} from './wal.ts';

/** @param listed what a MANIFEST that is durable says, and the paths of it and of live logs */
export async function removeOrphans(
  fileSystem: FileSystem,
  listed: readonly string[],
  onEvent: OnEvent,
): Promise<void> {
  for (const name of await listFiles(fileSystem)) {
    const number = walNumber(name) ?? manifestNumber(name.replace(/\.tmp$/, ''));
    const isOurs = sstableId(tablePath(name)) !== undefined || number !== undefined;
    if (!isOurs || listed.includes(tablePath(name))) continue;
    await fileSystem.remove(name);
    onEvent({type: 'orphan-removed', file: name});
  }
}
