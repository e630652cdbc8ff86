import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {UsageError} from '../errors.ts';
import {STARTERS_DIR} from '../installation.ts';
import type {Language} from './languages.ts';
import {commonFiles, type ProjectFile} from './project-files.ts';

const EXECUTABLE = 0o755;

/**
 * Writes a new project into a folder, which is made if it is not there.
 * @returns the paths of the files, relative to it
 * @throws UsageError if something is in the way: nothing is ever overwritten
 */
export function writeProject(folder: string, name: string, language: Language): string[] {
  const files = [...starterFiles(language), ...commonFiles(language)];
  try {
    requireEmpty(folder, name);
    for (const {path, text, isExecutable} of files) {
      const file = join(folder, path);
      mkdirSync(dirname(file), {recursive: true});
      writeFileSync(file, text, {flag: 'wx'});
      if (isExecutable) chmodSync(file, EXECUTABLE);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${name}: ${(error as Error).message}`, {cause: error});
  }
  return files.map(({path}) => path).sort();
}

function requireEmpty(folder: string, name: string): void {
  const stats = statSync(folder, {throwIfNoEntry: false});
  if (stats === undefined) return;
  if (!stats.isDirectory()) throw new UsageError(`${name} is there already, and is no folder`);
  // A clone of a new repository has nothing else.
  const [first] = readdirSync(folder).filter((entry) => entry !== '.git');
  if (first === undefined) return;
  throw new UsageError(`${name} is not empty (${first} is in it); name a new folder`);
}

function starterFiles({id}: Language): ProjectFile[] {
  const folder = join(STARTERS_DIR, id);
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      return {path: file.slice(folder.length + 1), text, isExecutable: false};
    });
}
