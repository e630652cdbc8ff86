/** Temporary folders for the servers' data, gone when the grader ends. */

import {spawnSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {GraderError} from '../errors.ts';
import {atExit} from './at-exit.ts';
import {endUserProcesses, type User} from './user-processes.ts';

const PASS_ONLY = 0o711;
const REMOVE_TIMEOUT_MS = 60_000;
const REMOVE_ALL = 'chmod -R u+rwx -- "$@"; rm -rf -- "$@"';

export interface RunFolderOptions {
  /** Leave it where it is, to be looked at. @default false */
  readonly keep?: boolean;
}

export class RunFolder {
  readonly path: string;
  readonly #keep: boolean;
  readonly #forget: () => void;
  #count = 0;
  /** Whose files are in it, besides the grader's. */
  #user: User | undefined;

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

  /**
   * Lets a user pass through it to folders of its own, without seeing what is in it.
   * REQUIRES: whatever runs as that user may be ended before something is removed
   */
  letPass(user: User): void {
    this.#user = user;
    chmodSync(this.path, PASS_ONLY);
  }

  /** Removes one of the folders inside, unless all are kept. */
  discard(folder: string): void {
    if (!this.#keep) removeFolder(folder, this.#user);
  }

  /** Removes all of it, unless it is kept. REQUIRES: nothing writes into it any more. */
  remove(): void {
    this.#forget();
    if (!this.#keep) removeFolder(this.path, this.#user);
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
 *
 * rm follows no link, but by path it can be led astray: by a process that puts a link in
 * the place of a folder between the look and the step inside. So nothing of the user runs
 * any more, and what is the user's is removed with no more rights than the user has.
 */
function removeFolder(folder: string, user: User | undefined): void {
  if (user !== undefined && existsSync(folder)) {
    endUserProcesses(user);
    removeAs(user, folder);
    endUserProcesses(user);
  }
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

/** What is in a folder of ours, as far as the user may; the rest stays. */
function removeAs({uid, gid}: User, folder: string): void {
  const paths = readdirSync(folder).map((name) => join(folder, name));
  spawnSync('/bin/sh', ['-c', REMOVE_ALL, 'sh', ...paths], {
    uid,
    gid,
    cwd: '/',
    env: {PATH: '/usr/bin:/bin'},
    stdio: 'ignore',
    timeout: REMOVE_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
}
