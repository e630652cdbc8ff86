/** Marks one submission under a policy. */
import {spawnSync} from 'node:child_process';
import {chmodSync, chownSync} from 'node:fs';
import {join} from 'node:path';
import {checksOf} from '../checks/catalogue.ts';
import {findProject} from '../config/find-project.ts';
import type {CommandProject} from '../config/project.ts';
import {GraderError, UsageError} from '../errors.ts';
import {GradeSession} from '../grade/grade-session.ts';
import type {GradeReport} from '../grade/result.ts';
import type {Listener} from '../grade/run-plan.ts';
import {newSeed} from '../grade/seed.ts';
import {FIXTURES_DIR} from '../installation.ts';
import type {Account} from '../server/account.ts';
import type {RunFolder} from '../server/run-folder.ts';
import type {User} from '../server/user-processes.ts';
import {checkIsolation, findUser, requireIdle, studentEnvironment} from './isolation.ts';
import {marksOf} from './marks.ts';
import type {Policy} from './policy.ts';
import {writeSeededFixtures} from './seeded-fixtures.ts';
import {studentSeed} from './student-seed.ts';

export interface Submission {
  /** The folder of the project, with its kv.yaml. */
  readonly folder: string;
  /** Who handed it in, as the seeds are derived from it. */
  readonly student: string | undefined;
  readonly submittedAt: Date | undefined;
}

export interface MarkOptions {
  readonly policy: Policy;
  readonly submission: Submission;
  readonly runFolder: RunFolder;
  readonly jobs: number;
  readonly version: string;
  readonly listener: Listener;
  /** Files that are to be written: the submission must not reach them. */
  readonly outputs: readonly string[];
}

const OWNER_ONLY = 0o700;
const COPY_TIMEOUT_MS = 300_000;

/** @throws UsageError if it cannot be marked under this policy; GraderError */
export async function mark(options: MarkOptions): Promise<GradeReport> {
  const {policy, submission, runFolder, outputs, jobs, version, listener} = options;
  const {week, all} = policy;
  const checks = checksOf(week).filter(({id}) => policy.checks?.has(id) ?? true);
  const seed = seedOf(policy, submission.student);
  const fixturesDir = policy.seededFixtures
    ? join(runFolder.newFolder('seeded'), 'f')
    : FIXTURES_DIR;
  if (policy.seededFixtures) {
    const replays = checks.filter(({id}) => id.startsWith('replay-'));
    const names = replays.map(({id}) => `${id.slice('replay-'.length)}.txt`);
    writeSeededFixtures(names, {from: FIXTURES_DIR, to: fixturesDir, seed});
  }
  const user = policy.runAs === undefined ? undefined : findUser(policy.runAs);
  const isRoot = process.getuid?.() === 0;
  if (user !== undefined && isRoot) await requireIdle(user);
  const isolation = checkIsolation(user, [...policy.hiddenFiles, fixturesDir, ...outputs]);
  const account = user === undefined || !isRoot ? undefined : accountOf(user, runFolder);
  const project = projectOf(submission, account, runFolder);

  const required = new Set<string>();
  const session = new GradeSession({
    seed,
    all,
    // All servers have one user, and the end of one is the end of all that runs as it.
    jobs: account === undefined ? jobs : 1,
    required,
    fixturesDir,
    runFolder,
    version,
    listener,
  });
  const target = {
    kind: 'project',
    name: submission.student ?? project.source,
    arguments: [],
  } as const;
  const grading = {...(await session.grade({project, week, target, checks})), isolation};
  const marks = marksOf(grading, policy, submission.submittedAt);
  return {...session.report(), gradings: [{...grading, marks}]};
}

function seedOf({secret, seed}: Policy, student: string | undefined): number {
  if (secret === undefined) return seed ?? newSeed();
  if (student !== undefined) return studentSeed(secret, student);
  throw new UsageError('the policy derives a seed for each student: name one with --student');
}

function accountOf(user: User, runFolder: RunFolder): Account {
  runFolder.letPass(user);
  const home = runFolder.newFolder('home');
  chownSync(home, user.uid, user.gid);
  chmodSync(home, OWNER_ONLY);
  return {...user, environment: studentEnvironment(home)};
}

/** In a copy of its own where it runs as another user: what it builds it must be able to write. */
function projectOf(
  {folder}: Submission,
  account: Account | undefined,
  runFolder: RunFolder,
): CommandProject {
  const place = account === undefined ? folder : copyFor(account, folder, runFolder);
  const project = findProject({in: place});
  if (project.kind !== 'command') throw new UsageError(`${folder}: ${project.source}`);
  return account === undefined ? project : {...project, account};
}

function copyFor({uid, gid}: Account, folder: string, runFolder: RunFolder): string {
  const copy = join(runFolder.newFolder('submission'), 'project');
  // Links stay links: what they lead to is read as the user, or not at all.
  run('cp', ['-R', '-P', '--', folder, copy]);
  run('chown', ['-R', '-h', `${uid}:${gid}`, '--', copy]);
  chmodSync(copy, OWNER_ONLY);
  return copy;
}

function run(program: string, args: readonly string[]): void {
  const {status, stderr} = spawnSync(program, args, {encoding: 'utf8', timeout: COPY_TIMEOUT_MS});
  if (status !== 0) throw new GraderError(`${program} failed on the submission: ${stderr.trim()}`);
}
