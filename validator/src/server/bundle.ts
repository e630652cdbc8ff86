/**
 * The reference servers as single files. A grade restarts a server hundreds of
 * times: a bundle starts in 80 ms, the sources through a loader in 300.
 */

import {createHash, randomUUID} from 'node:crypto';
import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, rename, writeFile} from 'node:fs/promises';
import {dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {GraderError} from '../errors.ts';

const THIS_FILE = fileURLToPath(import.meta.url);
const WORKSHOP = resolve(dirname(THIS_FILE), '../../..');
const BUNDLES = join(WORKSHOP, 'node_modules/.cache/kv-workshop/bundles');
const SHARED_SOURCES = join(WORKSHOP, 'shared/src');
/** It pins every dependency that a bundle may contain, and the bundler. */
const LOCKFILE = join(WORKSHOP, 'pnpm-lock.yaml');

/**
 * Bundles a server's entry file, unless this was done before from the very same
 * sources: all TypeScript in the entry's folder and in shared/src.
 *
 * @param entryFile absolute path of a week's src/main.ts
 * @param outputDir where the bundles are kept
 * @returns absolute path of an .mjs file that `node` can run
 * @throws GraderError if the sources cannot be read or do not make a bundle
 */
export async function bundleServer(entryFile: string, outputDir = BUNDLES): Promise<string> {
  const name = relative(WORKSHOP, entryFile).replaceAll(/[^a-z0-9]+/gi, '-');
  try {
    for (;;) {
      const hash = await hashSources(entryFile);
      const file = join(outputDir, `${name}-${hash}.mjs`);
      if (existsSync(file)) return file;
      const code = await bundle(entryFile);
      // If a source changed meanwhile, nobody knows which of the two was bundled.
      if (hash !== (await hashSources(entryFile))) continue;
      await writeAtomically(file, code);
      return file;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new GraderError(`cannot bundle ${entryFile}: ${reason}`);
  }
}

/** A short hash of everything that a bundle is made from, this file's settings included. */
async function hashSources(entryFile: string): Promise<string> {
  const files = [
    ...(await typeScriptFiles(dirname(entryFile))),
    ...(await typeScriptFiles(SHARED_SOURCES)),
    LOCKFILE,
    THIS_FILE,
  ];
  const contents = await Promise.all(files.map((file) => readFile(file)));
  const hash = createHash('sha256');
  for (const [index, content] of contents.entries()) {
    hash.update(`${files[index]}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function typeScriptFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, {recursive: true});
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}

async function bundle(entryFile: string): Promise<string> {
  // Loading the bundler takes longer than most graders wait for anything: only when needed.
  const {rolldown} = await import('rolldown');
  const build = await rolldown({input: entryFile, platform: 'node', logLevel: 'silent'});
  try {
    const {output} = await build.generate({format: 'esm'});
    if (output.length !== 1) throw new Error('it would take more than one file');
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** Another grader may be writing, or already running, the same file. */
async function writeAtomically(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), {recursive: true});
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}
