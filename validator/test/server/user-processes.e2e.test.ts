import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {RunFolder} from '../../src/server/run-folder.ts';
import {endUserProcesses, runsAs, userProcesses} from '../../src/server/user-processes.ts';
import {freeUid} from '../policy/submission.ts';
import {failureOf, hostile, server, temporaryFolder, until} from './support.ts';

const isRoot = process.getuid?.() === 0;
const uid = freeUid();
const user = {uid, gid: uid};
const account = {...user, environment: {PATH: process.env['PATH'] ?? ''}};

/** Leaves everything behind but its user: a daemon that sleeps. */
const DAEMON = '(env -i setsid sleep 3600 </dev/null >/dev/null 2>&1 &)';
/** Each of its processes lives for a moment only, and leaves a line: hardly one is ever found. */
const forks = (file: string) =>
  `(env -i setsid sh -c 'f() { echo >> ${file}; f & }; f' </dev/null >/dev/null 2>&1 &)`;

describe.skipIf(!isRoot)('all that runs as a user', () => {
  const started: ChildProcess[] = [];
  function run(script: string): void {
    started.push(spawn('/bin/sh', ['-c', script], {...user, cwd: '/', stdio: 'ignore'}));
  }
  afterEach(() => {
    started.length = 0;
    endUserProcesses(user);
  });

  /** Another grader on this machine may look at a process as its user, for a moment. */
  async function noneIsLeft(): Promise<void> {
    await until('none is left', () => userProcesses(uid).length === 0);
  }

  it('is ended, also a daemon without an environment', async () => {
    run(DAEMON);
    await until('the daemon', () => userProcesses(uid).length === 1);
    endUserProcesses(user);
    await noneIsLeft();
  });

  it('is ended, also what forks faster than it can be found', async () => {
    const folder = temporaryFolder();
    chownSync(folder, uid, uid);
    const file = join(folder, 'lines');
    run(forks(file));
    await until('processes', () => existsSync(file));
    endUserProcesses(user);
    const {size} = statSync(file);
    // Time enough for many of its kind.
    for (let count = 0; count < 50; count++) spawnSync('true');
    expect(statSync(file).size).toBe(size);
  });

  it('is ended, also what ends everybody else of that user', async () => {
    run("trap '' TERM; while :; do kill -s KILL -- -1; done");
    await until('it', () => userProcesses(uid).length > 0);
    endUserProcesses(user);
    await noneIsLeft();
  });

  it('spares whoever is somebody else', () => {
    const other = spawn('sleep', ['3600'], {uid: uid + 1, gid: uid + 1, stdio: 'ignore'});
    endUserProcesses(user);
    expect(userProcesses(uid + 1)).toContain(other.pid);
    other.kill('SIGKILL');
  });

  it('ends with the server that has started it', async () => {
    const dataDir = temporaryFolder();
    // The account must pass through the folder that its data is in.
    for (const end of ['kill', 'stop'] as const) {
      const escaping = server(`${DAEMON}; exec ${hostile('good')}`, {
        dataDir: join(dataDir, end),
        account,
      });
      chmodSync(dataDir, 0o711);
      await escaping.start();
      await until('the daemon', () => userProcesses(uid).length > 1);
      await escaping[end]();
      await noneIsLeft();
    }
  });

  it('ends with the server also where that is a failure', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    chmodSync(join(dataDir, '..'), 0o711);
    const escaping = server(hostile('escapes'), {dataDir, account});
    await escaping.start();
    expect((await failureOf(escaping.kill())).kind).toBe('survivor');
    await noneIsLeft();
  });

  it('ends before its folders are removed', async () => {
    const folder = new RunFolder();
    folder.letPass(user);
    const check = folder.newFolder('check');
    const data = join(check, 'data');
    mkdirSync(data);
    writeFileSync(join(check, 'of the grader'), '');
    chownSync(data, uid, uid);
    run(`cd ${data} && mkdir locked && touch locked/file && chmod 0 locked; ${DAEMON}`);
    await until(
      'the daemon',
      () => userProcesses(uid).length === 1 && existsSync(`${data}/locked`),
    );
    folder.discard(check);
    await noneIsLeft();
    expect(existsSync(check)).toBe(false);
    folder.remove();
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe('whether a process is of a user', () => {
  const status = (state: string, ids: string, threads: number) =>
    `Name:\tx\nState:\t${state}\nUid:\t${ids}\nGid:\t0\t0\t0\t0\nThreads:\t${threads}\n`;

  it.for([
    {what: 'it runs as that user', text: status('S (sleeping)', '7\t7\t7\t7', 1), expected: true},
    {what: 'it was started by it', text: status('S (sleeping)', '7\t0\t0\t0', 1), expected: true},
    {what: 'of another', text: status('S (sleeping)', '77\t77\t77\t77', 1), expected: false},
    {what: 'dead', text: status('Z (zombie)', '7\t7\t7\t7', 1), expected: false},
    {what: 'a thread is left', text: status('Z (zombie)', '7\t7\t7\t7', 2), expected: true},
    {what: 'gone', text: '', expected: false},
  ])('$what: $expected', ({text, expected}) => {
    expect(runsAs(text, 7)).toBe(expected);
  });
});

it.skipIf(!isRoot)('never ends the processes of root', () => {
  expect(() => endUserProcesses({uid: 0, gid: 0})).toThrow('not to be ended');
  expect(spawnSync('true').status).toBe(0);
});
