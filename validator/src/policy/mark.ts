/** Marks one submission under a policy. */
import {chmodSync, chownSync} from 'node:fs';
import {join} from 'node:path';
import {checksOf} from '../checks/catalogue.ts';
import {UsageError} from '../errors.ts';
import {GradeSession} from '../grade/grade-session.ts';
import type {GradeReport} from '../grade/result.ts';
import type {Listener} from '../grade/run-plan.ts';
import {newSeed} from '../grade/seed.ts';
import {FIXTURES_DIR} from '../installation.ts';
import type {Account} from '../server/account.ts';
import type {RunFolder} from '../server/run-folder.ts';
import type {User} from '../server/user-processes.ts';
import {checkIsolation, claimUser, findUser, studentEnvironment} from './isolation.ts';
import {marksOf} from './marks.ts';
import type {Policy} from './policy.ts';
import {writeSeededFixtures} from './seeded-fixtures.ts';
import {studentSeed} from './student-seed.ts';
import {submittedProject, unusableRow} from './submitted-project.ts';

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
  if (user !== undefined && isRoot) await claimUser(user);
  const isolation = checkIsolation(user, [...policy.hiddenFiles, fixturesDir, ...outputs]);
  const account = user === undefined || !isRoot ? undefined : accountOf(user, runFolder);
  const project = submittedProject(submission.folder, account, runFolder);

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
    name: submission.student ?? submission.folder,
    arguments: [],
  } as const;
  const graded =
    project.kind === 'unusable'
      ? session.refuse({week, target, checks}, unusableRow(project))
      : await session.grade({project, week, target, checks});
  const grading = {...graded, isolation};
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
