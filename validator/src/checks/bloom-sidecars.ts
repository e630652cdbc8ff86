/** The Bloom filters of a stopped server, in files beside its SSTables. */
import {type BloomFile, readBloomFile} from '../formats/bloom-file.ts';
import type {TableFile} from './block-files.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob} from './claimed-files.ts';
import {matchDataFiles, readDataFile} from './data-files.ts';

export interface Sidecar {
  /** In the data folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly filter: BloomFile;
}

/** All that are there. REQUIRES: the server is down. */
export async function readSidecars(context: CheckContext): Promise<Sidecar[]> {
  const {dataDir} = context.server.control;
  const sidecars: Sidecar[] = [];
  for (const path of await matchDataFiles(dataDir, claimedGlob(context, 'bloom'))) {
    const bytes = await readDataFile(dataDir, path);
    sidecars.push({path, bytes, filter: readBloomFile(bytes)});
  }
  return sidecars;
}

/** That of an SSTable: it has the same name but for its ending. */
export function sidecarOf(sidecars: readonly Sidecar[], {path}: TableFile): Sidecar | undefined {
  const [folder, name] = [path.slice(0, path.lastIndexOf('/') + 1), stemOf(path)];
  const named = sidecars.filter((sidecar) => stemOf(sidecar.path) === name);
  return named.find((sidecar) => sidecar.path.startsWith(folder)) ?? named[0];
}

/** The name of a file without its folder and its ending. */
function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
}
