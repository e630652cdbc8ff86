import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {beforeEach, expect, it, onTestFinished} from 'vitest';
import {GraderError} from '../../src/errors.ts';
import {bundleServer} from '../../src/server/bundle.ts';

let folder = '';
let entry = '';
let cache = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-bundle-'));
  onTestFinished(() => rmSync(folder, {recursive: true}));
  entry = join(folder, 'src/main.ts');
  cache = join(folder, 'cache');
  mkdirSync(join(folder, 'src/deep'), {recursive: true});
  writeFileSync(
    entry,
    `import {greet, type Name} from './deep/greet.ts';
     const name: Name = 'world';
     console.log(await greet(name), process.argv.slice(2).join());`,
  );
  writeGreeting('hello');
});

function writeGreeting(word: string): void {
  writeFileSync(
    join(folder, 'src/deep/greet.ts'),
    `export type Name = string;
     export const greet = async (name: Name): Promise<string> => \`${word}, \${name}\`;`,
  );
}

function run(file: string): string {
  return execFileSync(process.execPath, [file, '--port', '1'], {encoding: 'utf8'});
}

it('makes one file that runs by itself', async () => {
  const file = await bundleServer(entry, cache);
  expect(readdirSync(cache)).toHaveLength(1);
  rmSync(join(folder, 'src'), {recursive: true});
  expect(run(file)).toBe('hello, world --port,1\n');
});

it('uses again what it made of the same sources', async () => {
  const file = await bundleServer(entry, cache);
  writeFileSync(file, 'console.log("from the cache")');
  expect(await bundleServer(entry, cache)).toBe(file);
  expect(readFileSync(file, 'utf8')).toContain('from the cache');
});

it('makes another file when a source changes, and finds the first again when it changes back', async () => {
  const first = await bundleServer(entry, cache);
  writeGreeting('good morning');
  const second = await bundleServer(entry, cache);
  expect(second).not.toBe(first);
  expect(run(second)).toContain('good morning, world');
  expect(run(first)).toContain('hello, world');
  writeGreeting('hello');
  expect(await bundleServer(entry, cache)).toBe(first);
});

it('may run several times at once', async () => {
  const files = await Promise.all(Array.from({length: 4}, () => bundleServer(entry, cache)));
  expect(new Set(files).size).toBe(1);
  expect(run(files[0] ?? '')).toContain('hello, world');
  expect(readdirSync(cache)).toHaveLength(1);
});

it('names the source that is wrong', async () => {
  writeFileSync(join(folder, 'src/deep/greet.ts'), 'export const greet = (;');
  const failure = await bundleServer(entry, cache).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GraderError);
  expect(String(failure)).toContain('greet.ts');
  await expect(bundleServer(join(folder, 'nowhere/main.ts'), cache)).rejects.toThrow('nowhere');
});

it.each(['01-in-memory-store', '02-lsm-tree', '03-write-ahead-log'])('bundles %s', async (week) => {
  const main = fileURLToPath(new URL(`../../../weeks/${week}/src/main.ts`, import.meta.url));
  const file = await bundleServer(main, cache);
  const help = execFileSync(process.execPath, [file, '--help'], {encoding: 'utf8'});
  expect(help).toContain('--data-dir');
});
