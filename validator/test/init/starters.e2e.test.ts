import {mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {LANGUAGES, type Language} from '../../src/init/languages.ts';
import {findTools} from '../../src/init/toolchain.ts';
import {ended, startNode} from '../cli/run.ts';

const LINES_MAX = 80;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function kv(cwd: string, ...args: string[]) {
  const env = {...process.env, INIT_CWD: cwd, NO_COLOR: '1'};
  return ended(startNode(['bin/kv.mjs', ...args], {env}));
}

function isPresent(language: Language): boolean {
  return findTools(language).every(({version}) => version !== undefined);
}

/** What a student writes in place of the 501, to be done with week 1. */
const WEEK_1: Readonly<Record<string, readonly (readonly [before: string, after: string])[]>> = {
  python: [
    ['def answer(', 'store = {}\n\n\ndef answer('],
    [
      '    return 501, f"{method} {key}: not implemented yet"',
      [
        '    if method == "PUT":',
        '        store[key] = value',
        '        return 200, value',
        '    if method != "GET":',
        '        return 405, "PUT and GET only"',
        '    return (200, store[key]) if key in store else (404, "no such key")',
      ].join('\n'),
    ],
  ],
  javascript: [
    [
      '  return {status: 501, body: `${method} ${key}: not implemented yet`};',
      [
        "  if (method === 'PUT') store.set(key, value);",
        "  else if (method !== 'GET') return {status: 405, body: 'PUT and GET only'};",
        "  if (!store.has(key)) return {status: 404, body: 'no such key'};",
        '  return {status: 200, body: store.get(key)};',
      ].join('\n'),
    ],
    ['function answer(', 'const store = new Map();\n\nfunction answer('],
  ],
  go: [
    [
      '\treturn 501, fmt.Sprintf("%s %s: not implemented yet", method, key)',
      [
        '\tlock.Lock()',
        '\tdefer lock.Unlock()',
        '\tif method == "PUT" {',
        '\t\tstore[key] = value',
        '\t\treturn 200, value',
        '\t}',
        '\tif method != "GET" {',
        '\t\treturn 405, fmt.Sprintf("%s: PUT and GET only", method)',
        '\t}',
        '\tif found, ok := store[key]; ok {',
        '\t\treturn 200, found',
        '\t}',
        '\treturn 404, "no such key"',
      ].join('\n'),
    ],
    ['\t"os"\n', '\t"os"\n\t"sync"\n'],
    ['func answer(', 'var lock sync.Mutex\nvar store = map[string]string{}\n\nfunc answer('],
  ],
};

describe.for(LANGUAGES)('the starter in $name', (language) => {
  const {id, entry} = language;

  it('is short, and never written over anything', async () => {
    const project = join(folder, id);
    const {exitCode, stdout} = await kv(folder, 'init', id, '--lang', id);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`cd ${id}`);
    expect(readFileSync(join(project, entry), 'utf8').split('\n').length).toBeLessThan(LINES_MAX);
    expect(statSync(join(project, 'run.sh')).mode & 0o111).not.toBe(0);

    const again = await kv(folder, 'init', id, '--lang', id);
    expect(again.exitCode).toBe(64);
    expect(again.stderr).toContain(`${id} is not empty`);
  });

  it.skipIf(!isPresent(language))('starts, and fails week 1 with advice', async () => {
    const project = join(folder, id);
    await kv(folder, 'init', id, '--lang', id);
    const {exitCode, stdout} = await kv(project, 'grade', '--shrink', '0');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/got +501 with "\w+ \w+: not implemented yet"/);
    expect(stdout).toContain('nothing is broken; this is the next thing to write');
  });

  const steps = WEEK_1[id];
  it.skipIf(!isPresent(language) || steps === undefined)(
    'once written, passes week 1',
    async () => {
      const project = join(folder, id);
      await kv(folder, 'init', id, '--lang', id);
      const file = join(project, entry);
      let source = readFileSync(file, 'utf8');
      for (const [before, after] of steps ?? []) {
        expect(source).toContain(before);
        source = source.replace(before, () => after);
      }
      writeFileSync(file, source);
      const {exitCode, stdout} = await kv(project, 'grade');
      expect(stdout).toContain('week 1: PASS: 8 of 8 checks passed');
      expect(exitCode).toBe(0);
    },
  );
});

describe('kv init', () => {
  it('names the nearest language', async () => {
    const {exitCode, stderr} = await kv(folder, 'init', 'x', '--lang', 'pyton');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('did you mean python?');
  });

  it('says what the first build downloads, and how to go to the folder', async () => {
    const {stdout} = await kv(folder, 'init', "a b'c", '--lang', 'rust');
    expect(stdout).toContain("\n  cd 'a b'\\''c'\n");
    const readme = readFileSync(join(folder, "a b'c", 'README.md'), 'utf8');
    for (const text of [stdout, readme]) {
      expect(text).toMatch(/^The first build downloads one small HTTP crate/m);
    }
  });

  it('names what is in the way', async () => {
    writeFileSync(join(folder, 'notes.txt'), '');
    const {exitCode, stderr} = await kv(folder, 'init', '.', '--lang', 'go');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('. is not empty (notes.txt is in it)');
  });
});
