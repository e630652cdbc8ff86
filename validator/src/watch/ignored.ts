/** Which files of a project are not its source. */
import {join} from 'node:path';
import {readInput} from '@kv-workshop/fixtures/input-file';

const SIZE_BYTES_MAX = 1024 * 1024;

/** Never source, whatever .gitignore says; as are all names that begin with a dot. */
const ALWAYS = new Set(['node_modules', 'target', 'dist', 'build', 'data', '__pycache__']);

/** Says whether a name in a folder, given with its path from the project's, is left out. */
export type Ignored = (path: string, name: string) => boolean;

/**
 * By the simple lines of the project's .gitignore: `name`, `name/`, `/path` and
 * `*.ext`. Others mean nothing here: what they leave out is watched.
 */
export function readIgnored(projectFolder: string): Ignored {
  const names = new Set(ALWAYS);
  const paths = new Set<string>();
  const endings: string[] = [];
  for (const line of gitignoreLines(projectFolder)) {
    const pattern = line.replace(/\/$/, '');
    if (/^\*\.[\w.]+$/.test(pattern)) endings.push(pattern.slice(1));
    else if (/[*?[!]/.test(pattern)) continue;
    else if (pattern.includes('/')) paths.add(pattern.replace(/^\//, ''));
    else names.add(pattern);
  }
  return (path, name) =>
    name.startsWith('.') ||
    name.endsWith('~') ||
    names.has(name) ||
    paths.has(path) ||
    endings.some((ending) => name.endsWith(ending));
}

function gitignoreLines(projectFolder: string): string[] {
  let text: string;
  try {
    text = readInput(join(projectFolder, '.gitignore'), SIZE_BYTES_MAX).toString();
  } catch {
    return [];
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
