/**
 * What has changed in a project since the last look. By polling: it works alike
 * on all systems, in containers and with editors that save by renaming, and a
 * project has a few dozen files.
 */
import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {UsageError} from '../errors.ts';
import {type Ignored, readIgnored} from './ignored.ts';

const FILES_MAX = 2_000;
const DEPTH_MAX = 12;
const HASHED_BYTES_MAX = 4 * 1024 * 1024;

interface Seen {
  readonly mtimeMs: number;
  readonly size: number;
  readonly hash: string;
}

export class SourceFiles {
  readonly #folder: string;
  #seen = new Map<string, Seen>();

  constructor(folder: string) {
    this.#folder = folder;
    this.changes();
  }

  /**
   * The files that were added, removed or have other content since the last
   * call. One that was written again with the same content has not changed:
   * builds do that.
   * @throws UsageError if the folder holds too many files to be watched
   */
  changes(): string[] {
    const files = new Map<string, Seen>();
    this.#look('', 0, readIgnored(this.#folder), files);
    const before = this.#seen;
    this.#seen = files;
    const gone = Array.from(before.keys()).filter((path) => !files.has(path));
    const changed = Array.from(files)
      .filter(([path, {hash}]) => before.get(path)?.hash !== hash)
      .map(([path]) => path);
    return [...changed, ...gone];
  }

  #look(folder: string, depth: number, ignored: Ignored, files: Map<string, Seen>): void {
    for (const entry of entriesOf(join(this.#folder, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (ignored(path, entry.name)) continue;
      if (entry.isDirectory()) {
        if (depth < DEPTH_MAX) this.#look(path, depth + 1, ignored, files);
      } else if (entry.isFile()) {
        const seen = this.#see(path);
        if (seen !== undefined) files.set(path, seen);
      }
      if (files.size > FILES_MAX) {
        throw new UsageError(
          `there are more than ${FILES_MAX} files to watch in ${this.#folder}; name folders that are not source in .gitignore`,
        );
      }
    }
  }

  /** Undefined if it is gone already. */
  #see(path: string): Seen | undefined {
    try {
      const file = join(this.#folder, path);
      const {mtimeMs, size} = lstatSync(file);
      const known = this.#seen.get(path);
      if (known?.mtimeMs === mtimeMs && known.size === size) return known;
      const content = size <= HASHED_BYTES_MAX ? readFileSync(file) : `${mtimeMs} ${size}`;
      return {mtimeMs, size, hash: createHash('sha1').update(content).digest('hex')};
    } catch {
      return undefined;
    }
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, {withFileTypes: true});
  } catch {
    return [];
  }
}
