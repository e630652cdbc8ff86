/**
 * autograder.zip as on Gradescope: its setup.sh once, then its run_autograder for
 * each submission, as root in a container with one CPU, no network and no tracing.
 */
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {ended} from '../cli/run.ts';
import {Mirror, unpackAutograder} from './autograder-image.ts';
import {SERVER, STUDENT_UID, writeSubmission} from './submission.ts';

const CONFINE = fileURLToPath(new URL('confine.py', import.meta.url));
const CAN_TRACE = fileURLToPath(new URL('can-trace.py', import.meta.url));
/** errno.h */
const [EPERM, ESRCH, EACCES, ENETUNREACH] = [1, 3, 13, 101];
const WAIT_MS = 20_000;
const RUN_TIMEOUT_MS = 90_000;

const missing = whyNotHere();
const where = missing === undefined ? '' : ` (skipped: ${missing})`;

/** Undefined if a container can be imitated here. */
function whyNotHere(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root';
  for (const tool of ['python3', 'bash', 'tar', 'xz', 'sha256sum']) {
    if (spawnSync(tool, ['--version']).status !== 0) return `needs ${tool}`;
  }
  const {status, stderr} = spawnSync('python3', [CONFINE, 'true'], {encoding: 'utf8'});
  return status === 0 ? undefined : `no container can be imitated: ${stderr.trim()}`;
}

describe.skipIf(missing !== undefined)(`the autograder of Gradescope${where}`, () => {
  let folder: string;
  /** What /autograder is in the image, when setup.sh has run. */
  let image: string;
  let mirror: Mirror;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
    // The student's user must pass through it.
    chmodSync(folder, 0o711);
    image = join(folder, 'image');
    await unpackAutograder(folder, image);
    const setup = readFileSync(join(image, 'source/setup.sh'), 'utf8');
    const mirrorFolder = join(folder, 'mirror');
    mkdirSync(mirrorFolder);
    mirror = new Mirror(mirrorFolder, setup);
    expect(mirror.runSetup(image)).toMatchObject({status: 0});
  });
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, {recursive: true, force: true});
  });

  const running: ChildProcess[] = [];
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  /** A new container of the image, with a submission in it. @returns what /autograder is there */
  async function container(name: string, kvYaml: readonly string[]): Promise<string> {
    const root = join(folder, name);
    cpSync(image, root, {recursive: true});
    await writeSubmission(root, kvYaml);
    const users = [{email: 'ada@x.org'}];
    const metadata = {created_at: '2026-01-01T00:00:00.000000-08:00', users};
    writeFileSync(join(root, 'submission_metadata.json'), JSON.stringify(metadata));
    return root;
  }

  function start(root: string): ChildProcess {
    const child = spawn('python3', [CONFINE, join(root, 'run_autograder')], {
      env: {PATH: process.env['PATH'] ?? '', KV_AUTOGRADER_ROOT: root},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_TIMEOUT_MS,
    });
    running.push(child);
    return child;
  }

  it('is set up with Node and the languages that were asked for', () => {
    expect(mirror.packages).toMatch(/^install .* procps python3 default-jdk-headless$/m);
    const node = join(image, 'source/kv-grader/node/bin/node');
    expect(spawnSync(node, ['--version'], {encoding: 'utf8'}).stdout.trim()).toBe(process.version);
  });

  it('is not set up with a Node that is not the published one', () => {
    const root = join(folder, 'tampered');
    cpSync(image, root, {recursive: true});
    rmSync(join(root, 'source/kv-grader/node'), {recursive: true});
    mirror.tamper();
    const {status, stdout} = mirror.runSetup(root);
    expect(status).not.toBe(0);
    expect(stdout).toContain('FAILED');
    expect(existsSync(join(root, 'source/kv-grader/node'))).toBe(false);
  });

  it('is tested where nothing can be traced, and nobody else be reached', () => {
    const probe = [CAN_TRACE, String(STUDENT_UID)];
    expect(jsonOf(['python3', CONFINE, 'python3', ...probe])).toEqual({
      ptrace: EPERM,
      processVmReadv: EPERM,
      environment: EACCES,
      connect: ENETUNREACH,
      cpus: 1,
    });
    // The same questions have other answers outside.
    expect(jsonOf(['python3', ...probe])).toMatchObject({ptrace: ESRCH, processVmReadv: 0});
  });

  it('marks a submission, whatever results were there before', async () => {
    const root = await container('passing', [`command: ${SERVER}`]);
    mkdirSync(join(root, 'results'), {mode: 0o777});
    writeFileSync(join(root, 'results/results.json'), '{"score": 99}');
    const {exitCode, stderr} = await ended(start(root));
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const {score, tests} = resultsOf(root);
    expect(tests.map(({status}) => status)).toEqual(['passed', 'passed']);
    expect(score).toBe(10);
    expect(statSync(join(root, 'results')).mode & 0o777).toBe(0o700);
  });

  it('leaves a result without marks when the grader is killed, and no process', async () => {
    const visitors = join(folder, 'visitors');
    mkdirSync(visitors);
    chmodSync(visitors, 0o777);
    const root = await container('killed', [`command: ${process.execPath} silent.mjs {port}`]);
    const visit = join(visitors, 'grader');
    writeFileSync(join(root, 'submission/silent.mjs'), silentServer(visit));
    const child = start(root);
    const over = ended(child);
    await until(() => existsSync(visit));
    const [grader = 0] = childrenOf(child.pid ?? 0);
    process.kill(grader, 'SIGKILL');
    const {exitCode, stderr} = await over;
    expect(exitCode).toBe(0);
    expect(stderr).toContain('kv mark ended with 137');
    expectNoMarks(root, 'it ended before it had a result');
    await until(() => processesOf(STUDENT_UID).length === 0);
  });

  it('leaves a result without marks when the grader does not even start', async () => {
    const root = await container('broken', [`command: ${SERVER}`]);
    writeFileSync(join(root, 'source/kv-grader/kv/lib/main.mjs'), 'process.abort()');
    const {exitCode} = await ended(start(root));
    expect(exitCode).toBe(0);
    expectNoMarks(root, 'The grader did not start');
  });

  it('ends a server that has become a daemon', async () => {
    const root = await container('daemon', [
      `command: setsid ${SERVER.replace('exec ', '')} & exit 0`,
    ]);
    await ended(start(root));
    expect(resultsOf(root).score).toBe(10);
    expect(processesOf(STUDENT_UID)).toEqual([]);
  });

  it('gives a hostile submission nothing: no marks, no secret, no server that stays', async () => {
    const root = await container('hostile', ['command: sh attack.sh {port} {dataDir}']);
    const submission = join(root, 'submission');
    writeFileSync(join(submission, 'attack.sh'), attack(root));
    symlinkSync(join(root, 'source/kv-grader/secret/secret'), join(submission, 'secret'));
    const {exitCode} = await ended(start(root));
    expect(exitCode).toBe(0);
    const {score, tests} = resultsOf(root);
    expect(score).toBe(0);
    expect(tests.map(({status}) => status)).toEqual(['failed', 'failed']);
    const output = tests[0]?.output;
    expect(output).toContain("something that left the server's process tree still answered");
    expect(output).toContain('Permission denied');
    expect(JSON.stringify(tests)).not.toContain('xxxx');
    expect(existsSync(join(root, 'results/mine'))).toBe(false);
    expect(processesOf(STUDENT_UID)).toEqual([]);
  });
});

/** Never answers, and makes a file when somebody connects. */
function silentServer(file: string): string {
  return `
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
createServer(() => writeFileSync('${file}', '')).listen(Number(process.argv[2]), '127.0.0.1');
`;
}

/** Reads and writes what it must not, prints what it finds, and hides a server from the grader. */
function attack(root: string): string {
  return `
cat secret ${root}/source/kv-grader/secret/* ${root}/results/*
echo '{"score": 10, "tests": []}' > ${root}/results/results.json
touch ${root}/results/mine
kill -9 $PPID
python3 -c "import ctypes; ctypes.CDLL(None).ptrace(16, $PPID, 0, 0)"
(env -i setsid ${process.execPath} server.mjs --port "$1" --data-dir "$2" &)
# Until it is taken for a server that is ready.
exec sleep 3600
`;
}

function jsonOf([program = '', ...args]: readonly string[]): unknown {
  const {stdout, stderr} = spawnSync(program, args, {encoding: 'utf8'});
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

interface Results {
  readonly score?: number;
  readonly tests: readonly {readonly status: string; readonly output: string}[];
}

function resultsOf(root: string): Results {
  return JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8')) as Results;
}

function expectNoMarks(root: string, reason: string): void {
  const results = resultsOf(root);
  expect(results).not.toHaveProperty('score');
  expect(JSON.stringify(results)).toContain(reason);
  expect(JSON.stringify(results)).toContain('This says nothing about your server');
}

function processesOf(uid: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const stat = statSync(`/proc/${pid}`, {throwIfNoEntry: false});
    // A zombie runs no more, and its parent may be anybody.
    return stat?.uid === uid && !/\) [ZX] /.test(readOrEmpty(`/proc/${pid}/stat`));
  });
}

function childrenOf(pid: number): number[] {
  const text = readOrEmpty(`/proc/${pid}/task/${pid}/children`);
  return text.split(' ').filter(Boolean).map(Number);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not true within ${WAIT_MS} ms`);
    await sleep(20);
  }
}
