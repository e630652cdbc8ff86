/** Temporary folders for the servers' data, gone when the grader ends. */

import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {GraderError} from '../errors.ts';
import {atExit} from './at-exit.ts';

const PASS_ONLY = 0o711;

export interface RunFolderOptions {
  /** Leave it where it is, to be looked at. @default false */
  readonly keep?: boolean;
}

export class RunFolder {
  readonly path: string;
  readonly #keep: boolean;
  readonly #forget: () => void;
  #count = 0;

  /** @throws GraderError if the system's folder for temporary files cannot be written to */
  constructor(options: RunFolderOptions = {}) {
    this.path = newTemporaryFolder();
    this.#keep = options.keep ?? false;
    this.#forget = atExit(() => this.remove());
  }

  /** A new, empty folder inside, named `<number>-<label>`. */
  newFolder(label: string): string {
    this.#count += 1;
    const folder = join(this.path, `${String(this.#count).padStart(3, '0')}-${label}`);
    mkdirSync(folder);
    return folder;
  }

  /** Lets other users pass through it to folders of theirs, without seeing what is in it. */
  letPass(): void {
    chmodSync(this.path, PASS_ONLY);
  }

  /** Removes one of the folders inside, unless all are kept. */
  discard(folder: string): void {
    if (!this.#keep) removeFolder(folder);
  }

  /** Removes all of it, unless it is kept. REQUIRES: nothing writes into it any more. */
  remove(): void {
    this.#forget();
    if (!this.#keep) removeFolder(this.path);
  }
}

function newTemporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'kv-run-'));
  } catch (error) {
    throw new GraderError(`cannot make a temporary folder: ${(error as Error).message}`);
  }
}

/**
 * Removes a folder whatever a server has put into it, and never anything outside:
 * links are removed, not followed. What cannot be removed is told on stderr, since
 * it changes no verdict.
 */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, {recursive: true, force: true});
  } catch {
    // Folders without permissions, names that are not UTF-8, or paths too long
    // for one system call: the system's tools get along with all of these.
    spawnSync('chmod', ['-R', 'u+rwx', '--', folder]);
    spawnSync('rm', ['-rf', '--', folder]);
  }
  if (existsSync(folder)) process.stderr.write(`kv: could not remove ${folder}\n`);
}
