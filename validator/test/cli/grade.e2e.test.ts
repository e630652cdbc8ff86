import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {referenceProject} from '../../src/server/reference-server.ts';
import {hostile, survivors, temporaryFolder, until, untilNoted} from '../server/support.ts';
import {type MapServer, startMapServer} from '../servers/map-server.ts';
import {ended, startNode} from './run.ts';

const servers: MapServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Runs `kv grade` as if it had been called in `folder`, an empty one by default; failures are not shrunk. */
function startGrade(args: readonly string[], folder = temporaryFolder()) {
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  return startNode(['bin/kv.mjs', 'grade', '--shrink', '0', ...args], {env});
}

function grade(args: readonly string[], folder?: string) {
  return ended(startGrade(args, folder));
}

async function command(week: number): Promise<string> {
  return (await referenceProject(week)).command;
}

async function mapServer(): Promise<MapServer> {
  const server = await startMapServer();
  servers.push(server);
  return server;
}

describe('each outcome of kv grade has its exit code', () => {
  it('0: everything passed; without a project, the reference is graded, and it says so', async () => {
    const {exitCode, stdout, stderr} = await grade(['1']);
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
    expect(stdout).toContain("There is no kv.yaml in this folder: the workshop's own reference");
    expect(stdout).toContain("kv grade 1 --command './server --port {port} --data {dataDir}'");
    expect(stdout).toMatch(/pass {9}replay-week-01-short/);
    expect(stdout).toMatch(/week 1: PASS: 8 of 8 checks passed, in \d/);
  });

  it('1: a check failed; the rest is blocked', async () => {
    const server = ['--command', hostile('exits-with-status')];
    const {exitCode, stdout} = await grade(['1', ...server, '--seed', '3']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/FAIL {9}replay-week-01-short/);
    expect(stdout).toContain('7 later checks, because replay-week-01-short failed');
    expect(stdout).toContain('explained    docs/contract.md#ready');
    expect(stdout).toMatch(
      /again {8}kv grade 1 --command .* --check replay-week-01-short --seed 3/,
    );
  });

  it('1: the build failed', async () => {
    const {exitCode, stdout} = await grade([
      '1',
      '--command',
      'x',
      '--build',
      'echo oh no; exit 7',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('the build command exited with status 7');
    expect(stdout).toContain('oh no');
  });

  it('2: nothing could be run', async () => {
    const {url} = await mapServer();
    const {exitCode, stdout} = await grade(['3', '--url', url, '--check', 'kill-twice']);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/unavailable {2}kill-twice/);
    expect(stdout).toContain('with --url the server cannot be stopped or killed');
    expect(stdout).toContain('NO VERDICT');
  });

  it('2: a required check could not be run', async () => {
    const {url} = await mapServer();
    const chosen = ['--check', 'contract-basics,kill-twice', '--url', url];
    expect((await grade(['3', ...chosen])).exitCode).toBe(0);
    expect((await grade(['3', ...chosen, '--require', 'kill-twice'])).exitCode).toBe(2);
  });

  it('2: the server is too slow for any verdict, and the run is cut short', async () => {
    const server = ['--command', hostile('answers-after-2-s')];
    const {exitCode, stdout} = await grade(['1', ...server]);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/inconclusive replay-week-01-short/);
    expect(stdout).toMatch(/too slow: 2\.\d\d s an answer on average; 500 requests would take/);
    expect(stdout).toMatch(
      /blocked {6}7 later checks, because the server is too slow: at 2\.\d\d s/,
    );
    expect(stdout).toContain('week 1: NO VERDICT: 0 of 8 checks passed, 1 inconclusive, 7 blocked');
  });

  it('3: the grader failed', async () => {
    const env = {...process.env, TMPDIR: '/dev/null/none', INIT_CWD: temporaryFolder()};
    const result = await ended(startNode(['bin/kv.mjs', 'grade', '1'], {env}));
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toMatch(/^kv: .*not a directory/);
  });

  it.for<[string, string[], RegExp]>([
    ['an unknown check', ['1', '--check', 'contract-basic'], /did you mean contract-basics\?/],
    [
      'a check of another week',
      ['1', '--check', 'kill-twice'],
      /no check of kill-twice is valid in week 1/,
    ],
    ['no week', ['--command', 'x'], /which week\?/],
    ['week 9', ['9'], /expected a week from 1 to 8/],
    ['a seed in words', ['1', '--seed', 'seven'], /--seed seven/],
    ['an unknown option', ['1', '--al'], /Did you mean --all\?/],
    ['a result that cannot be written', ['1', '--json', 'no/such/result.json'], /--json no\/such/],
    ['nobody there', ['1', '--url', 'http://127.0.0.1:1'], /no server there/],
  ])('64: %s', async ([, args, says]) => {
    const {exitCode, stderr} = await grade(args);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('130: Ctrl-C ends the server and sums up what was done', async () => {
    const dataDir = temporaryFolder();
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, 'kv.yaml'),
      // The data folder of the test instead, to see what becomes of the processes in it.
      `command: DATA_DIR=${dataDir} ${hostile('forks-children')}\nready: 60s\n`,
    );
    const child = startGrade(['1', '--json', 'result.json'], folder);
    await untilNoted(dataDir, 1);
    child.kill('SIGINT');
    const {exitCode, stdout} = await ended(child);
    expect(exitCode).toBe(130);
    expect(stdout).toContain('INTERRUPTED');
    await until('the end of its servers', () => survivors(dataDir).length === 0);
  });
});

describe('what kv grade writes', () => {
  const options = ['1', '--check', 'contract-basics', '--seed', '5'];

  it('is nothing but JSON with --json -', async () => {
    const server = ['--command', hostile('exits-with-status')];
    const {stdout, stderr, exitCode} = await grade([...options, ...server, '--json', '-']);
    expect({stderr, exitCode}).toEqual({stderr: '', exitCode: 1});
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({schemaVersion: 1, tool: {name: 'kv'}, exitCode: 1});
    expect(report.gradings).toMatchObject([{week: 1, seed: 5, exitCode: 1, earliestBrokenWeek: 1}]);
    expect(report.gradings[0].checks).toMatchObject([{id: 'contract-basics', state: 'fail'}]);
  });

  it('is the table and a file with --json FILE', async () => {
    const folder = temporaryFolder();
    const {stdout} = await grade([...options, '--json', 'result.json'], folder);
    expect(stdout).toContain('week 1: PASS');
    const report = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
    expect(report).toMatchObject({exitCode: 0});
  });

  it('is without colour if NO_COLOR is set', async () => {
    const {stdout} = await grade(options);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a server that is already running', () => {
  it('is graded as far as requests go, once with each seed', async () => {
    const {url} = await mapServer();
    const {exitCode, stdout} = await grade(['1', '--url', url, '--seed', '9']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/pass {9}replay-week-01 /);
    expect(stdout).toContain('with --url the server cannot be emptied: only replay-week-01 is');

    const again = await grade(['1', '--url', url, '--seed', '9']);
    expect(again.exitCode).toBe(64);
    expect(again.stderr).toContain('this server has been graded with this seed before');
  });

  it('does not fail because of data from an earlier run', async () => {
    const {url} = await mapServer();
    const chosen = ['1', '--url', url, '--check', 'replay-week-01-short'];
    expect((await grade(chosen)).exitCode).toBe(0);
    const {exitCode, stdout} = await grade(chosen);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/inconclusive replay-week-01-short/);
    expect(stdout).toContain('start it anew, without data');
  });
});

describe('the references', () => {
  const ofWeek3 = [
    'files-sstables',
    'manifest-missing',
    'restart-keeps-all',
    'kill-twice',
    'kill-keeps-acknowledged',
    'kill-concurrent-writers',
    'torn-tail',
    'files-wal',
  ];

  it('of week 3 passes the checks that stop, crash and damage it', async () => {
    const {exitCode, stdout} = await grade(['3', '--check', ofWeek3.join(',')]);
    expect(stdout).toContain('week 3: PASS: 8 of 8');
    expect(exitCode).toBe(0);
  });

  it('of week 1 fails week 2, and that of week 2 week 3, though no files are claimed', async () => {
    const second = ['2', '--command', await command(1), '--check', 'restart-keeps-flushed'];
    expect(await grade(second)).toMatchObject({exitCode: 1});
    const third = ['3', '--command', await command(2), '--check', 'kill-twice'];
    expect(await grade(third)).toMatchObject({exitCode: 1});
  });

  it('that claim no files are not judged by them', async () => {
    const ids = 'contract-basics,files-wal,torn-tail';
    const result = await grade(['3', '--command', await command(3), '--check', ids]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/not claimed {2}files-wal/);
    expect(result.stdout).toMatch(/not claimed {2}torn-tail/);
  });
});
