/** Keeps a server from filling the disk that everybody else on the machine needs too. */
import {type Dirent, lstatSync, readdirSync, statfsSync} from 'node:fs';
import {join} from 'node:path';

const LOOK_MS = 250;
const GIB = 1024 ** 3;
/** Far more than the data of any check: they write a few MiB. */
const DATA_BYTES_MAX = 4 * GIB;
/** Until so much is gone the folder need not be measured. */
const NOTICEABLE_BYTES = GIB / 4;
const FILES_MAX = 100_000;
const ENDED_BY_GRADER = 'was ended by the grader';

/** What is said after how a server ended that nobody had asked to: what we did, it did not do. */
export function byItself(exitReason: string): string {
  return exitReason.startsWith(ENDED_BY_GRADER) ? '' : ' by itself';
}

/**
 * Looks at a data folder while its server runs.
 * @param onOverfull called once, with what is wrong, if the folder holds too much
 * @returns ends the watch
 */
export function guardDisk(
  dataDir: string,
  onOverfull: (problem: string) => void,
  dataBytesMax = DATA_BYTES_MAX,
): () => void {
  const freeAtFirst = freeBytes(dataDir);
  const noticeable = Math.min(NOTICEABLE_BYTES, dataBytesMax / 2);
  const timer = setInterval(() => {
    // Measuring a folder costs more than asking how much is free.
    if (freeAtFirst - freeBytes(dataDir) < noticeable) return;
    const {bytes, files} = sizeOf(dataDir);
    if (bytes <= dataBytesMax && files <= FILES_MAX) return;
    clearInterval(timer);
    const size = `${(bytes / GIB).toFixed(1)} GiB in ${files} files`;
    onOverfull(`${ENDED_BY_GRADER}, because it filled the disk: its data folder had ${size}`);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function freeBytes(folder: string): number {
  try {
    const {bavail, bsize} = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** On disk, so that a file with holes is no larger than it is. */
function sizeOf(root: string): {readonly bytes: number; readonly files: number} {
  let bytes = 0;
  let files = 0;
  const pending = [root];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) pending.push(path);
      bytes += bytesOf(path);
      files += 1;
      if (files > FILES_MAX) return {bytes, files};
    }
  }
  return {bytes, files};
}

/** Paths may be too long to be asked for, or not ours to look at; an error here would end the run. */
function bytesOf(path: string): number {
  try {
    return lstatSync(path).blocks * 512;
  } catch {
    return 0;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch {
    // Gone already, or not ours to look into.
    return [];
  }
}
