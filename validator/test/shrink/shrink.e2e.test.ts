import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {cp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {lintFixture} from '@kv-workshop/fixtures/lint';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {readResult} from '../../src/export/read-result.ts';
import {referenceProject} from '../../src/server/reference-server.ts';
import {ended, startNode} from '../cli/run.ts';
import {bundleMutant} from '../mutants/bundle-mutant.ts';
import {MUTANTS} from '../mutants/catalogue.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function copyOf(name: string): Promise<void> {
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
  await cp(await bundleMutant(mutant), folder, {recursive: true});
}

/** Runs `kv` in the folder of the project. */
function kv(...args: string[]) {
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  return ended(startNode(['bin/kv.mjs', ...args], {env}));
}

function instructions(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

describe('a small replay of a failure', () => {
  it('is found on the server with small thresholds, saved, and fails when it is replayed', async () => {
    await copyOf('oldest-sstable-wins');
    const args = ['--check', 'newest-wins', '--seed', '1', '--shrink', '60s'];
    const json = join(folder, 'result.json');
    const {exitCode, stdout} = await kv('grade', '2', ...args, '--json', json);
    expect(exitCode).toBe(1);
    // The published schema knows every field of a failure.
    expect(readResult(json)).toEqual(JSON.parse(readFileSync(json, 'utf8')));
    expect(stdout).toContain('on the server with small thresholds');
    expect(stdout).toContain('again        kv replay .kv/replays/newest-wins.txt --small');

    const path = join(folder, '.kv/replays/newest-wins.txt');
    const text = readFileSync(path, 'utf8');
    // Two memtables of sixteen, the same key in both, and the read: a few lines of thousands.
    expect(instructions(text).length).toBeLessThan(1_000);
    expect(text).toContain('# shows: get: a wrong value was read');
    expect((await lintFixture(path)).problems).toEqual([]);
    expect(readFileSync(join(folder, '.kv/.gitignore'), 'utf8')).toBe('*\n');

    const again = await kv('replay', path, '--small');
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain('a wrong value was read');
    const {command} = await referenceProject(2);
    const right = await kv('replay', path, '--command', `${command} --memtable-entries-max 16`);
    expect(right.exitCode).toBe(0);
  });

  it('has the crashes in it that it takes', async () => {
    await copyOf('wal-truncated-after-replay');
    const {exitCode} = await kv('grade', '3', '--check', 'kill-twice', '--shrink', '60s');
    expect(exitCode).toBe(1);
    const text = readFileSync(join(folder, '.kv/replays/kill-twice.txt'), 'utf8');
    const ops = instructions(text).map((line) => line.split(' ')[0]);
    // Four lines, unless the machine is so busy that the time is up before.
    expect(ops.filter((op) => op === 'KILL').length).toBeGreaterThanOrEqual(2);
    expect(ops.at(-1)).toBe('GET');
    expect((await kv('replay', '.kv/replays/kill-twice.txt')).exitCode).toBe(1);
    const graded = await kv('grade', '--fixture', '.kv/replays/kill-twice.txt', '--shrink', '0');
    expect(graded.exitCode).toBe(1);
    expect(graded.stdout).toMatch(
      /again +kv grade 3 --fixture .kv\/replays\/kill-twice.txt --seed/,
    );
    const both = await kv('grade', '--fixture', 'x.txt', '--check', 'kill-twice');
    expect(both.stderr).toContain('--fixture and --check exclude each other');
  });

  it('is not looked for with --shrink 0', async () => {
    await copyOf('oldest-sstable-wins');
    const {stdout} = await kv('grade', '2', '--check', 'newest-wins', '--shrink', '0');
    expect(stdout).toContain('FAIL');
    expect(stdout).not.toContain('smaller');
  });

  it('is never written through a link', async () => {
    await copyOf('wal-truncated-after-replay');
    const outside = mkdtempSync(join(tmpdir(), 'kv-test-'));
    try {
      rmSync(join(folder, '.kv'), {recursive: true, force: true});
      symlinkSync(outside, join(folder, '.kv'));
      const {exitCode, stdout} = await kv('grade', '3', '--check', 'kill-twice');
      expect(exitCode).toBe(1);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain('.kv is in the way: it is not a folder');
    } finally {
      rmSync(outside, {recursive: true});
    }
  });

  it('refuses what it cannot read as a duration', async () => {
    writeFileSync(join(folder, 'kv.yaml'), 'week: 1\ncommand: ./server\n');
    const {exitCode, stderr} = await kv('grade', '--shrink', 'soon');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('--shrink soon: expected 0 or a duration up to 60m, such as 30s');
  });
});
