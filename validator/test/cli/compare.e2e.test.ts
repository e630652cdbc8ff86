import {copyFileSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, expect, test} from 'vitest';
import {referenceProject} from '../../src/server/reference-server.ts';
import {bundleMutant} from '../mutants/bundle-mutant.ts';
import {WEEK_02} from '../mutants/week-02.ts';
import {type Ended, ended, startNode} from './run.ts';

const VALIDATOR = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = 'short.txt';
const folder = mkdtempSync(join(tmpdir(), 'kv-compare-cli-'));
copyFileSync(join(VALIDATOR, '../fixtures/week-02-short.txt'), join(folder, FIXTURE));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

async function kv(args: readonly string[], callersFolder = folder): Promise<Ended> {
  const env = {...process.env, INIT_CWD: callersFolder, NO_COLOR: '1'};
  return await ended(startNode([join(VALIDATOR, 'bin/kv.mjs'), ...args], {env}));
}

test('the reference beside itself, by its kv.yaml: 0, and both speeds', async () => {
  const {command} = await referenceProject(2);
  writeFileSync(join(folder, 'kv.yaml'), `week: 2\ncommand: ${JSON.stringify(command)}\n`);
  const {exitCode, stdout, stderr} = await kv(['compare', '--fixture', FIXTURE]);
  expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
  expect(stdout).toMatch(/^short\.txt: SAME: 500 answers, none differs$/m);
  expect(stdout).toMatch(/^requests\/s +[\d,]+ +[\d,]+ {2}\d+\.\d\d$/m);
  expect(stdout).toMatch(/^latency, 99 % +[\d.]+ ms +[\d.]+ ms {2}\d+\.\d\d$/m);
});

test('a mutant: 1, at the line that a replay finds too', async () => {
  const mutant = WEEK_02.find(({name}) => name === 'oldest-sstable-wins');
  if (mutant === undefined) throw new Error('there is no such mutant');
  const project = await bundleMutant(mutant);
  const small = 'exec node server.mjs --port {port} --data-dir {dataDir} --memtable-entries-max 16';
  const server = ['--in', project, '--command', small];
  const {exitCode, stdout} = await kv(['compare', '--fixture', FIXTURE, ...server]);
  expect(exitCode).toBe(1);

  const [, line] = /DIFFERENT: line (\d+); \d+ answers before it are the same$/m.exec(stdout) ?? [];
  const replayed = await kv(['replay', FIXTURE, '--max-failures', '1', ...server]);
  expect(replayed.stdout).toContain(`${FIXTURE}:${line}  GET `);
  expect(stdout).toContain(`${FIXTURE}:${line}  GET `);
  expect(stdout).toMatch(/^ {2}request {6}GET \/[a-z]+ HTTP\/1\.1$/m);
  expect(stdout).toMatch(/^ {2}reference {4}".*\n {2}yours {8}".*\n +\^$/m);
  expect(stdout).toMatch(/^ {2}its life {5}line \d+ +PUT /m);

  const json = await kv(['compare', '--fixture', FIXTURE, '--json', '-', ...server]);
  expect(json).toMatchObject({exitCode: 1, stderr: ''});
  expect(JSON.parse(json.stdout)).toMatchObject({
    schema: 'kv-compare/1',
    week: 2,
    exitCode: 1,
    difference: {line: Number(line), yours: {kind: 'value'}, reference: {kind: 'value'}},
  });
});

test('nothing to compare, or no week: 64, and one sentence', async () => {
  const empty = mkdtempSync(join(folder, 'empty-'));
  const none = await kv(['compare', '2'], empty);
  expect(none).toMatchObject({exitCode: 64, stdout: ''});
  expect(none.stderr).toMatch(/^kv: there is no kv\.yaml in this folder; name a server: .*\n$/);
  writeFileSync(join(empty, 'kv.yaml'), 'command: ./server\n');
  const weekless = await kv(['compare'], empty);
  expect(weekless).toMatchObject({exitCode: 64, stdout: ''});
  expect(weekless.stderr).toMatch(/^kv: which week\? .*\n$/);
  const ninth = await kv(['compare', '9'], empty);
  expect(ninth.stderr).toBe((await kv(['grade', '9'], empty)).stderr);
  expect(ninth.stderr).toMatch(/^kv: week 9: expected /);
});
