import {spawnSync} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {FIXTURES_DIR} from '../../src/installation.ts';
import {WEEK_7, writeFiles} from '../inspect/folders.ts';

const VALIDATOR = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-package-'));
  run(['npx', '--yes', 'pnpm@10.34.9', 'pack', '--pack-destination', folder], VALIDATOR);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  // Nothing but what is in the tarball: it has no dependencies to download.
  run(['npm', 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball)]);
}, 120_000);
afterAll(() => rmSync(folder, {recursive: true, force: true}));

/** Runs a command as somebody does who has Node and npm, and nothing of the workshop. */
function run(command: readonly string[], cwd = folder): string {
  const [program = '', ...args] = command;
  const env = {...process.env, NO_COLOR: '1'};
  // Package managers leave these to the scripts that they run, and this is none.
  for (const name of Object.keys(env)) {
    if (name === 'INIT_CWD' || name.startsWith('npm_'))
      delete (env as Record<string, unknown>)[name];
  }
  const {status, stdout, stderr} = spawnSync(program, args, {cwd, env, encoding: 'utf8'});
  if (status !== 0) throw new Error(`${command.join(' ')}: ${status}\n${stdout}${stderr}`);
  return stdout;
}

describe('the package, installed in an empty folder with npm alone', () => {
  it('grades', () => {
    const output = run(['npx', '--no', 'kv', 'grade', '1']);
    expect(output).toContain('kv grade 1 · the reference server 01-in-memory-store');
    expect(output).toContain('week 1: PASS: 8 of 8 checks passed');
  });

  it('writes a starter, which fails with advice', () => {
    expect(run(['npx', '--no', 'kv', 'init', 'store', '--lang', 'javascript'])).toContain(
      'cd store',
    );
    const graded = spawnSync('npx', ['--no', 'kv', 'grade', '--in', 'store'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(graded.stdout).toContain('501 with');
    expect(graded.status).toBe(1);
  });

  it('has a reference server and two fixture files a week, and brings its own licenses', () => {
    const root = join(folder, 'node_modules/@kv-workshop/kv');
    expect(readdirSync(join(root, 'references'))).toHaveLength(8);
    const committed = readdirSync(FIXTURES_DIR).filter((name) => name.endsWith('.txt'));
    expect(readdirSync(join(root, 'fixtures'))).toEqual(committed);
    expect(readdirSync(join(folder, 'node_modules/@kv-workshop'))).toEqual(['kv']);
    const licenses = readFileSync(join(root, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licenses).toContain('xxhash-wasm');
  });

  it('looks into data folders', () => {
    writeFiles(join(folder, 'data'), WEEK_7);
    const inspected = run(['npx', '--no', 'kv', 'inspect', 'data']);
    expect(inspected).toMatch(/^data: a data folder, the formats of week 7\n/);
    expect(inspected).toContain('Nothing is wrong.');
    const found = run(['npx', '--no', 'kv', 'find', 'fig', 'data', '--json']);
    expect(JSON.parse(found)).toMatchObject({key: 'fig', isPresent: true, value: '4'});
  });

  it('tells its version', () => {
    const {version} = JSON.parse(readFileSync(join(VALIDATOR, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(run(['npx', '--no', '--', 'kv', '--version'])).toBe(`${version}\n`);
  });
});
