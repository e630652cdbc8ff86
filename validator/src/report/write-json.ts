import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import {dirname} from 'node:path';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';

const STDOUT = 1;
const RETRY_MS = 2;
const OWNER_ONLY = 0o600;

export interface WriteOptions {
  /** Nobody but who runs this may read the file. @default false */
  readonly isPrivate?: boolean;
}

/**
 * Writes a result where `--json` says: a file of the caller's, or `-` for
 * stdout. Synchronous, since the process may be about to end.
 * @throws UsageError if it cannot be written
 */
export function writeJson(target: string, document: object, options: WriteOptions = {}): void {
  writeOutput('--json', target, `${JSON.stringify(document, undefined, 2)}\n`, options);
}

/**
 * Writes text where a flag says, in the same way.
 * @throws UsageError that names the flag
 */
export function writeOutput(
  flag: string,
  target: string,
  text: string,
  {isPrivate = false}: WriteOptions = {},
): void {
  try {
    if (target === '-') writeToStdout(text);
    else if (isPrivate) writePrivately(resolveFromCaller(target), text);
    else writeFileSync(resolveFromCaller(target), text);
  } catch (error) {
    throw new UsageError(`${flag} ${target}: ${(error as Error).message}`, {cause: error});
  }
}

/**
 * Whether it can be written later, as far as that can be told without writing:
 * nobody should learn after minutes of grading that a folder does not exist.
 * @throws UsageError that names the flag
 */
export function requireWritable(flag: string, target: string): void {
  if (target === '-') return;
  const path = resolveFromCaller(target);
  try {
    const found = statSync(path, {throwIfNoEntry: false});
    if (found?.isDirectory()) throw new Error('it is a folder');
    accessSync(found === undefined ? dirname(path) : path, constants.W_OK);
  } catch (error) {
    throw new UsageError(`${flag} ${target}: ${(error as Error).message}`, {cause: error});
  }
}

function writePrivately(path: string, text: string): void {
  const fd = openSync(path, 'w', OWNER_ONLY);
  try {
    // It may have been there before, and others may read it; a device stays as it is.
    if (fstatSync(fd).isFile()) fchmodSync(fd, OWNER_ONLY);
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function writeToStdout(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(STDOUT, rest));
    } catch (error) {
      const {code} = error as NodeJS.ErrnoException;
      // Nobody reads on, as with `| head`: no error of ours.
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // A pipe takes 64 KiB at a time, and its reader is slower than we are.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
