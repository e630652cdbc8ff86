/**
 * Where `kv` finds what is not its code: in the package, which build.ts makes.
 * This file is taken in place of ../src/installation.ts; it becomes a part of lib/.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ReferenceServer} from '../src/installation.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export const FIXTURES_DIR = join(ROOT, 'fixtures');
export const STARTERS_DIR = join(ROOT, 'starters');
export const GRADESCOPE_DIR = join(ROOT, 'gradescope');

export async function packageFolder(): Promise<string> {
  return ROOT;
}

export const MANIFEST = join(ROOT, 'package.json');

export function referenceServers(): ReferenceServer[] {
  const folder = join(ROOT, 'references');
  return readdirSync(folder)
    .sort()
    .map((name) => ({
      week: Number.parseInt(name, 10),
      name: name.replace(/\.mjs$/, ''),
      folder,
      file: async () => join(folder, name),
    }));
}
