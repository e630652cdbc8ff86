import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {referenceProject} from '../../src/server/reference-server.ts';
import {ended, startNode} from '../cli/run.ts';

/** Of a user that need not exist. */
const STUDENT_UID = 20_001;
const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function kv(...args: string[]) {
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  return ended(startNode(['bin/kv.mjs', ...args], {env}));
}

/** A submission: the reference server of week 1, in a file of its own. */
async function submission(extra: readonly string[] = []): Promise<string> {
  const project = join(folder, 'submission');
  mkdirSync(project);
  const {command} = await referenceProject(1);
  const bundle = /'?([^' ]+\.mjs)'?/.exec(command)?.[1] ?? '';
  writeFileSync(join(project, 'server.mjs'), readFileSync(bundle));
  writeFileSync(
    join(project, 'kv.yaml'),
    [
      'week: 8',
      ...extra,
      `command: id -u > seen-uid; exec ${process.execPath} server.mjs --port {port} --data-dir {dataDir}`,
      '',
    ].join('\n'),
  );
  return project;
}

function policy(...lines: readonly string[]): string {
  const secret = join(folder, 'hidden');
  mkdirSync(secret, {mode: 0o700});
  writeFileSync(join(secret, 'secret'), 'x'.repeat(32));
  const checks = 'checks: [replay-week-01-short, contract-basics]';
  const file = join(secret, 'policy.yaml');
  writeFileSync(file, ['week: 1', 'secretFile: secret', checks, ...lines, ''].join('\n'));
  return file;
}

describe('kv mark', () => {
  it('marks what the policy says, with a seed of the student, whatever kv.yaml says', async () => {
    await submission();
    const json = join(folder, 'hidden/result.json');
    const args = ['--policy', policy('total: 50'), '--in', 'submission', '--json', json];
    const {exitCode, stdout} = await kv('mark', ...args, '--student', 'ada');
    expect(stdout).toContain('marks: 50 of 50');
    expect(exitCode).toBe(0);
    const seeds = await kv('seed', '--secret-file', 'hidden/secret', '--student', 'ada');
    const seed = Number(/ada: --seed (\d+)/.exec(seeds.stdout)?.[1]);
    const {gradings} = JSON.parse(readFileSync(json, 'utf8')) as {
      gradings: {seed: number; week: number; checks: {id: string}[]; isolation: object}[];
    };
    expect(gradings[0]).toMatchObject({seed, week: 1, isolation: {isolated: false}});
    expect(gradings[0]?.checks).toHaveLength(2);
    expect(stdout).toMatch(/to be looked at: not isolated: the policy names no user/);
  });

  it('refuses to mark without knowing whose it is', async () => {
    await submission();
    const {exitCode, stderr} = await kv('mark', '--policy', policy(), '--in', 'submission');
    expect(exitCode).toBe(64);
    expect(stderr).toContain('name one with --student');
  });

  it.skipIf(!isRoot)('as root, builds and runs as a user who can see none of it', async () => {
    const spy = [
      `build: ${[
        'id -u > built-by',
        `cat ${join(folder, 'hidden/secret')} && exit 3`,
        `ls ${join(folder, 'hidden')} && exit 4`,
        'ls "$(dirname "$HOME")" && exit 5',
        'ls "$(dirname "$HOME")"/001-seeded/f && exit 6',
        '[ -z "$KV_TEST_SECRET" ] || exit 7',
        'true',
      ].join('; ')}`,
    ];
    const project = await submission(spy);
    const json = join(folder, 'hidden/result.json');
    process.env['KV_TEST_SECRET'] = 'of the grader';
    const file = policy(`runAs: ${STUDENT_UID}`);
    const {exitCode, stdout} = await kv(
      'mark',
      '--policy',
      file,
      '--in',
      'submission',
      '--student',
      'ada',
      '--json',
      json,
    );
    delete process.env['KV_TEST_SECRET'];
    expect(stdout).toContain('week 1: PASS');
    expect(exitCode).toBe(0);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      gradings: [{isolation: {isolated: true, reason: ''}}],
    });
    // Built and run in a copy: what was handed in is as it was.
    expect(statSync(project).uid).toBe(0);
    expect(() => statSync(join(project, 'built-by'))).toThrow('ENOENT');
  });

  it.skipIf(!isRoot)('says so if that user could read what it must not', async () => {
    await submission();
    const file = policy(`runAs: ${STUDENT_UID}`);
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const {stdout} = await kv('mark', '--policy', file, '--in', 'submission', '--student', 'ada');
    expect(stdout).toMatch(/not isolated: user 20001 can reach/);
  });
});

describe.skipIf(!isRoot)('the autograder of Gradescope', () => {
  /** As on Gradescope: the zip in source, run_autograder beside it, a submission of a student's. */
  async function install(): Promise<string> {
    const root = join(folder, 'autograder');
    const file = policy('total: 10', `runAs: ${STUDENT_UID}`);
    const made = await kv('export', 'gradescope', '--policy', file, '--lang', 'python', 'java');
    expect(made.stderr).toBe('');
    mkdirSync(join(root, 'source'), {recursive: true});
    const {status} = spawnSync(
      'python3',
      ['-c', UNZIP, join(folder, 'autograder.zip'), join(root, 'source')],
      {encoding: 'utf8'},
    );
    expect(status).toBe(0);
    expect(readFileSync(join(root, 'source/setup.sh'), 'utf8')).toMatch(
      /procps python3 default-jdk/,
    );
    spawnSync('cp', [join(root, 'source/run_autograder'), root]);
    await submission();
    spawnSync('mv', [join(folder, 'submission'), root]);
    const metadata = {
      created_at: '2026-01-01T00:00:00.000000-08:00',
      users: [{email: 'ada@x.org'}],
    };
    writeFileSync(join(root, 'submission_metadata.json'), JSON.stringify(metadata));
    // The student's user must pass through it.
    spawnSync('chmod', ['711', folder]);
    return root;
  }

  function run(root: string): {score?: number; tests: {status: string; output: string}[]} {
    const env = {PATH: process.env['PATH'] ?? '', KV_AUTOGRADER_ROOT: root};
    // One CPU, and no way to trace anything.
    const {stderr} = spawnSync('taskset', ['-c', '0', join(root, 'run_autograder')], {
      env,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8')) as ReturnType<
      typeof run
    >;
  }

  it('marks a submission in a fresh folder, and leaves a result when it dies', async () => {
    const root = await install();
    const {score, tests} = run(root);
    expect(tests.map(({status}) => status)).toEqual(['passed', 'passed']);
    expect(score).toBe(10);

    writeFileSync(join(root, 'source/kv-grader/kv/lib/main.mjs'), 'process.abort()');
    spawnSync(join(root, 'run_autograder'), [], {
      env: {KV_AUTOGRADER_ROOT: root, PATH: process.env['PATH'] ?? ''},
    });
    const dead = JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8')) as object;
    expect(dead).not.toHaveProperty('score');
    expect(JSON.stringify(dead)).toContain('This says nothing about your server');
  });

  it('is not made of a policy that names no user', async () => {
    const {exitCode, stderr} = await kv('export', 'gradescope', '--policy', policy());
    expect(exitCode).toBe(64);
    expect(stderr).toContain('name a user with runAs');
  });
});

/** With the permissions that the zip has. */
const UNZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        path = archive.extract(entry, sys.argv[2])
        bits = entry.external_attr >> 16
        if bits: os.chmod(path, bits & 0o777)
`;
