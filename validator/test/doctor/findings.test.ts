import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {findings} from '../../src/doctor/findings.ts';

const tmpdirBefore = process.env['TMPDIR'];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => {
  if (tmpdirBefore === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = tmpdirBefore;
  rmSync(folder, {recursive: true});
});

it('a folder for temporary files that cannot be written to is missing', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  process.env['TMPDIR'] = file;
  const disk = (await findings(folder)).find(({about}) => about === 'disk');
  expect(disk).toMatchObject({
    state: 'missing',
    advice: 'set TMPDIR to a folder that can be written to',
  });
});

it("a project's kv.yaml is found, and its mistakes", async () => {
  const project = async () => (await findings(folder)).find(({about}) => about === 'project');
  expect(await project()).toMatchObject({state: 'optional'});
  writeFileSync(join(folder, 'kv.yaml'), 'week: 1\ncommand: ./server\n');
  expect(await project()).toMatchObject({state: 'good'});
  writeFileSync(join(folder, 'kv.yaml'), 'wek: 1\n');
  expect((await project())?.found).toContain('kv.yaml:1');
  expect(await project()).toMatchObject({state: 'missing'});
  rmSync(join(folder, 'kv.yaml'));
  execFileSync('mkfifo', [join(folder, 'kv.yaml')]);
  expect(await project()).toMatchObject({
    state: 'missing',
    found: expect.stringContaining('kv.yaml is not a file'),
  });
});
