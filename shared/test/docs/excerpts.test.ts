/**
 * The documentation against the repository: excerpts of code stand where they
 * say, links and anchors lead somewhere, and so does what the code cites.
 */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, posix, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {type Markdown, occursIn, parseMarkdown} from './markdown.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...filesUnder('docs', '.md'),
].sort();

const markdown = new Map<string, Markdown>();
for (const path of DOCUMENTS) markdown.set(path, parseMarkdown(read(path)));

test.each(DOCUMENTS)('%s: each excerpt stands in the file that it names', (path) => {
  const wrong: string[] = [];
  for (const {source, label, lines, line} of parsed(path).excerpts) {
    const where = `${path}, line ${line}`;
    if (!existsSync(join(ROOT, source))) wrong.push(`${where}: there is no ${source}`);
    else if (!occursIn(lines, read(source))) wrong.push(`${where}: does not stand in ${source}`);
    else if (label !== undefined && !lines.join('\n').includes(label)) {
      wrong.push(`${where}: does not show ${label}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('all TypeScript in the chapters is taken from the source', () => {
  const wrong: string[] = [];
  for (const path of DOCUMENTS) {
    if (!path.startsWith('docs/weeks/')) continue;
    wrong.push(...parsed(path).unmarkedFences.map((line) => `${path}, line ${line}`));
  }
  expect(wrong).toEqual([]);
});

test.each(DOCUMENTS)('%s: each relative link leads somewhere', (path) => {
  const wrong: string[] = [];
  for (const {target, line} of parsed(path).links) {
    if (/^[a-z]+:/.test(target)) continue;
    const problem = problemWith(target, path);
    if (problem !== undefined) wrong.push(`${path}, line ${line}: ${target}: ${problem}`);
  }
  expect(wrong).toEqual([]);
});

test('each section that the code cites is there', () => {
  const wrong: string[] = [];
  const cited = /\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g;
  for (const folder of ['weeks', 'shared/src', 'shared/tools', 'validator', 'fixtures']) {
    for (const path of filesUnder(folder, '.ts')) {
      for (const [target] of read(path).matchAll(cited)) {
        const problem = problemWith(target, 'README.md');
        if (problem !== undefined) wrong.push(`${path}: ${target}: ${problem}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test.each(DOCUMENTS)('%s: names no absolute path of a machine', (path) => {
  expect(read(path)).not.toMatch(/(?<![\w.])\/(?:home|Users|root|work)\/|\b[A-Z]:\\/);
});

/** Why a link from a document leads nowhere; undefined if it does not. */
function problemWith(target: string, from: string): string | undefined {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!existsSync(join(ROOT, path))) return 'there is no such file';
  if (anchor === undefined) return undefined;
  return markdown.get(path)?.anchors.has(anchor) ? undefined : 'there is no such section';
}

function parsed(path: string): Markdown {
  const found = markdown.get(path);
  if (found === undefined) throw new Error(`${path} was not read`);
  return found;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Paths in the repository, with `/`; dependencies are left out. */
function filesUnder(folder: string, extension: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), {withFileTypes: true})) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') {
      found.push(...filesUnder(path, extension));
    } else if (entry.isFile() && entry.name.endsWith(extension)) {
      found.push(path);
    }
  }
  return found;
}
