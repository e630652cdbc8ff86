/** Moves the data folder, or a file in it, to where no server finds it, and back. */
import {mkdtemp, rename} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {inDataFolder} from './folder-fault.ts';

/**
 * @param path in the data folder; empty for all of it
 * @returns puts it back; REQUIRES: no folder is in its place
 * @throws CheckFailure if it cannot be moved, as what is returned does too
 */
export async function setAside(dataDir: string, path = ''): Promise<() => Promise<void>> {
  const place = join(dataDir, path);
  // Of a name that nobody knows, and that is not there yet.
  const aside = join(await mkdtemp(join(dirname(dataDir), 'aside-')), 'kept');
  await inDataFolder(dataDir, () => rename(place, aside));
  return () => inDataFolder(dataDir, () => rename(aside, place));
}
