import {spawn, spawnSync} from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ended, startNode} from '../cli/run.ts';
import {SERVER, STUDENT_UID, writePolicy, writeSubmission} from './submission.ts';

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

/** The one that passes, with more in its kv.yaml. */
function submission(extra: readonly string[] = []): Promise<string> {
  return writeSubmission(folder, [...extra, `command: id -u > seen-uid; ${SERVER}`]);
}

function policy(...lines: readonly string[]): string {
  return writePolicy(folder, lines);
}

describe('kv mark', () => {
  it('marks what the policy says, with a seed of the student, whatever kv.yaml says', async () => {
    await submission();
    const json = join(folder, 'result.json');
    // Of an earlier marking, and open to all.
    writeFileSync(json, '');
    const args = ['--policy', policy('total: 50'), '--in', 'submission', '--json', json];
    const {exitCode, stdout} = await kv('mark', ...args, '--student', 'ada');
    expect(stdout).toContain('marks: 50 of 50');
    expect(exitCode).toBe(0);
    expect(statSync(json).mode & 0o777).toBe(0o600);
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

  it.for<[string[], string]>([
    [['--html', 'nowhere/r.html'], '--html nowhere/r.html: ENOENT'],
    [['--submitted', '12'], '--submitted 12: expected a time'],
  ])('refuses %j before it marks', async ([flags, message]) => {
    await submission();
    const args = ['--policy', policy(), '--in', 'submission', '--student', 'ada', ...flags];
    const {exitCode, stdout, stderr} = await kv('mark', ...args);
    expect(exitCode).toBe(64);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  it('gives no points for a kv.yaml that cannot be used, and says what is wrong', async () => {
    await writeSubmission(folder, ['comand: ./server']);
    const root = join(folder, 'autograder');
    mkdirSync(root);
    renameSync(join(folder, 'submission'), join(root, 'submission'));
    const metadata = {created_at: '2026-01-01T00:00:00Z', users: [{email: 'ada@x.org'}]};
    writeFileSync(join(root, 'submission_metadata.json'), JSON.stringify(metadata));
    const runAs = isRoot ? [`runAs: ${STUDENT_UID}`] : [];
    const {exitCode} = await kv('mark', '--policy', policy(...runAs), '--gradescope', root);
    expect(exitCode).toBe(1);
    const text = readFileSync(join(root, 'results/results.json'), 'utf8');
    const {score, tests} = JSON.parse(text) as {score: number; tests: {output: string}[]};
    expect(score).toBe(0);
    expect(tests[0]).toMatchObject({name: expect.stringMatching(/^kv.yaml: /), status: 'failed'});
    expect(tests[0]?.output).toContain('unknown key comand; did you mean command?');
    expect(tests).toHaveLength(3);
    expect(text).not.toContain('kv-run-');
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

  it.skipIf(!isRoot)('refuses to share that user with anything', async () => {
    await submission();
    const other = spawn('sleep', ['3600'], {uid: STUDENT_UID, gid: STUDENT_UID, stdio: 'ignore'});
    const args = ['--policy', policy(`runAs: ${STUDENT_UID}`), '--in', 'submission'];
    const {exitCode, stderr} = await kv('mark', ...args, '--student', 'ada');
    expect(exitCode).toBe(64);
    expect(stderr).toContain(`runAs: user ${STUDENT_UID} has processes already (${other.pid})`);
    expect(other.signalCode).toBeNull();
    other.kill('SIGKILL');
  });

  it.skipIf(!isRoot)('says so if that user could read what it must not', async () => {
    await submission();
    const file = policy(`runAs: ${STUDENT_UID}`);
    spawnSync('chmod', ['-R', 'a+rX', folder]);
    const {stdout} = await kv('mark', '--policy', file, '--in', 'submission', '--student', 'ada');
    expect(stdout).toContain(`not isolated: user ${STUDENT_UID} can reach`);
  });
});
