import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ended, startNode} from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function doctor(environment: Readonly<Record<string, string>>, ...args: string[]) {
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1', ...environment};
  return ended(startNode(['bin/kv.mjs', 'doctor', ...args], {env}));
}

describe('kv doctor', () => {
  it('finds all that kv needs', async () => {
    const {exitCode, stdout} = await doctor({});
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\+ Node {11}v\d+/);
    expect(stdout).toMatch(/- project {8}there is no kv.yaml[^]*kv init writes a project/);
    expect(stdout).toContain('Nothing that kv needs is missing.');
  });

  it('says where to get the tools of a language that are not there', async () => {
    const {exitCode, stdout} = await doctor({PATH: folder});
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /- Go {13}go is not there\n {19}only if you write in it: https:\/\/go.dev/,
    );
  });
});
