/** What `kv inspect` and `kv find` are given: looked at without trust, and never written to. */
import {lstatSync, type Stats} from 'node:fs';
import {basename, dirname} from 'node:path';
import {resolveFromCaller} from '../caller-folder.ts';
import {type DataFile, listDataFiles, readDataFile} from '../checks/data-files.ts';
import {CheckFailure} from '../checks/failure.ts';
import {UsageError} from '../errors.ts';
import type {Kind} from './content.ts';
import type {ReadBudget} from './read-budget.ts';

export interface Target {
  /** Absolute: a data folder, or the one that the file is in. */
  readonly folder: string;
  /** The file that is meant, in `folder`; undefined if all of the folder is. */
  readonly file: string | undefined;
  /** As it was given: for people. */
  readonly name: string;
  /** What a file is, where names say nothing. @default by the series' names */
  readonly kindOf?: (path: string) => Kind | undefined;
  /** How much of it may be read. @default each file that is not far too large */
  readonly budget?: ReadBudget;
}

/** @throws UsageError if there is nothing that can be read */
export function openTarget(name: string): Target {
  const path = resolveFromCaller(name);
  const stat = statOf(path, name);
  if (stat.isSymbolicLink()) {
    throw new UsageError(
      `${name} is a symbolic link, which is not followed: name what it links to`,
    );
  }
  if (stat.isDirectory()) return {folder: path, file: undefined, name};
  if (stat.isFile()) return {folder: dirname(path), file: basename(path), name};
  throw new UsageError(`${name} is neither a folder nor a regular file, so it is not opened`);
}

function statOf(path: string, name: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT' ? `there is no ${name}` : `${name} cannot be read: ${code}`,
      {cause: error},
    );
  }
}

/** All files of a folder, sorted by path. @throws UsageError */
export async function listTarget({folder, name}: Target): Promise<DataFile[]> {
  try {
    return await listDataFiles(folder);
  } catch (error) {
    throw new UsageError(`${name} cannot be listed: ${(error as Error).message}`, {cause: error});
  }
}

/** The bytes of a file, or a sentence that says why they are not read. */
export async function readTarget(
  {folder, budget}: Pick<Target, 'folder' | 'budget'>,
  path: string,
): Promise<Buffer | string> {
  try {
    const bytes = await readDataFile(folder, path, budget?.fileBytesMax);
    budget?.spend(bytes.length);
    return bytes;
  } catch (error) {
    if (error instanceof CheckFailure) return error.message;
    return `${path} cannot be read: ${(error as Error).message}`;
  }
}
