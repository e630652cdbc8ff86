import type {FileSystem} from '@kv-workshop/shared/file-system';
import {BloomFilter} from './bloom-filter.ts';

/** The Bloom filter of an SSTable is in a file beside it. */
export function filterPath(path: string): string {
  return path.replace(/\.sst$/, '.bloom');
}

/** The path of the SSTable, if `path` is that of a Bloom filter; else `path` itself. */
export function tablePath(path: string): string {
  return path.replace(/\.bloom$/, '.sst');
}

/** Undefined if the file is missing, cannot be read, or is damaged: it is not needed. */
export function readFilter(fileSystem: FileSystem, path: string): BloomFilter | undefined {
  try {
    return BloomFilter.decode(fileSystem.readFileSync(filterPath(path)));
  } catch {
    return undefined;
  }
}

/** Replaces the file. Its bytes are durable once settled; its name is with the next sync of the folder. */
export async function writeFilter(
  fileSystem: FileSystem,
  path: string,
  filter: BloomFilter,
): Promise<void> {
  const file = await fileSystem.open(filterPath(path), 'create');
  try {
    await file.append(filter.encode());
    await file.sync();
  } finally {
    await file.close();
  }
}
