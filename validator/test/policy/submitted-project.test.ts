import {spawnSync} from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {submittedProject, unusableRow} from '../../src/policy/submitted-project.ts';
import type {Account} from '../../src/server/account.ts';
import {RunFolder} from '../../src/server/run-folder.ts';
import {STUDENT_UID} from './submission.ts';

const isRoot = process.getuid?.() === 0;
const account = {uid: STUDENT_UID, gid: STUDENT_UID, environment: {}};

let folder: string;
let kvYaml: string;
let runFolder: RunFolder;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'kv-test-')), 'ada');
  mkdirSync(folder);
  kvYaml = join(folder, 'kv.yaml');
  runFolder = new RunFolder();
});
afterEach(() => {
  runFolder.remove();
  rmSync(join(folder, '..'), {recursive: true});
});

function read(user: Account | undefined, place = folder) {
  return submittedProject(place, user, runFolder);
}

describe('what is wrong with a submission is its own failure', () => {
  it.for<[string, () => void, RegExp]>([
    ['no kv.yaml', () => {}, /^there is no kv.yaml in the submission$/],
    ['no command', () => writeFileSync(kvYaml, 'week: 1\n'), /^kv.yaml: there is no `command:`$/],
    [
      'a key that is misspelt',
      () => writeFileSync(kvYaml, 'week: 1\ncomand: ./server\n'),
      /^kv.yaml:2: unknown key comand; did you mean command\?$/,
    ],
    ['a FIFO', () => spawnSync('mkfifo', [kvYaml]), /^kv.yaml is not a file$/],
    [
      'a kv.yaml without end',
      () => {
        writeFileSync(kvYaml, '');
        truncateSync(kvYaml, 64 * 1024 + 1);
      },
      /^kv.yaml is larger than 64 KiB$/,
    ],
  ])('%s', ([, make, problem]) => {
    make();
    for (const user of isRoot ? [account, undefined] : [undefined]) {
      expect(read(user)).toEqual({kind: 'unusable', problem: expect.stringMatching(problem)});
    }
  });

  it('is a row that has failed, with all that is wrong', () => {
    const row = unusableRow({kind: 'unusable', problem: 'kv.yaml:1: one\nkv.yaml:2: two'});
    expect(row).toMatchObject({
      id: 'kv.yaml',
      state: 'fail',
      reason: 'kv.yaml:1: one',
      failure: {summary: 'kv.yaml:1: one', details: ['kv.yaml:2: two']},
    });
  });

  it('unless the folder is not there at all', () => {
    expect(() => read(undefined, `${folder}/nowhere`)).toThrow(/no such file or directory/);
    writeFileSync(kvYaml, '');
    expect(() => read(undefined, kvYaml)).toThrow(/is no folder/);
  });
});

describe('links', () => {
  it.skipIf(!isRoot)('are not followed from kv.yaml as root', () => {
    writeFileSync(join(folder, 'real.yaml'), 'command: ./server\n');
    symlinkSync('real.yaml', kvYaml);
    expect(read(account)).toMatchObject({
      problem: 'kv.yaml is a symbolic link, and is not followed',
    });
    expect(read(undefined)).toMatchObject({kind: 'command'});
  });

  it.skipIf(!isRoot)('to a submission lead to a copy of it, and leave it as it is', () => {
    writeFileSync(kvYaml, 'command: ./server\n');
    chmodSync(folder, 0o755);
    const link = join(folder, '../link');
    symlinkSync(folder, link);
    const project = read(account, link);
    if (project.kind !== 'command') throw new Error(project.problem);
    expect(statSync(folder)).toMatchObject({uid: 0, mode: 0o40755});
    expect(statSync(join(project.folder, 'kv.yaml')).uid).toBe(STUDENT_UID);
    expect(project.command).toBe('./server');
  });
});
