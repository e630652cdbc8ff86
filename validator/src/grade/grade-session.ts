/**
 * Grades one server after another and keeps what is known so far, so that an
 * interruption loses none of it.
 */
import {availableParallelism} from 'node:os';
import {performance} from 'node:perf_hooks';
import {weekOf} from '../checks/catalogue.ts';
import type {Check, Environment} from '../checks/check.ts';
import {isDurable} from '../checks/week-rules.ts';
import {claimedFiles} from '../config/file-claims.ts';
import type {CommandProject, UrlProject} from '../config/project.ts';
import {measureSyncsPerSecond} from '../server/disk-speed.ts';
import type {RunFolder} from '../server/run-folder.ts';
import {build} from './build.ts';
import {exitCodeOf, worstExitCode} from './exit-code.ts';
import {
  type CheckResult,
  type GradeReport,
  type Grading,
  SCHEMA_VERSION,
  type Target,
} from './result.ts';
import {roundMs} from './round-ms.ts';
import {blockedBy, runChecks} from './run-checks.ts';
import type {Listener, RunPlan} from './run-plan.ts';
import {AttachedSource, type ServerSource, SpawnedSource} from './server-source.ts';
import {FailureShrinker, type ShrinkPlan} from './shrink-failure.ts';

/** As a shell counts a process that SIGINT has ended. */
const EXIT_INTERRUPTED = 130;
/** How long to measure the disk: its speed matters from week 3 on, before a glance is enough. */
const DISK_MS = {durable: 100, other: 10};

/** What to grade, whether or not it can be started. */
export interface GradeTask {
  readonly week: number;
  readonly target: Target;
  /** In the order in which they run. */
  readonly checks: readonly Check[];
}

/** One server to grade. */
export interface GradeJob extends GradeTask {
  readonly project: CommandProject | UrlProject;
}

export interface SessionOptions {
  readonly seed: number;
  /** Checks that may run side by side, if each has a server of its own. */
  readonly jobs: number;
  /** Go on after a failed check. */
  readonly all: boolean;
  /** Ids of checks that count even where they could not run. */
  readonly required: ReadonlySet<string>;
  readonly fixturesDir: string;
  readonly runFolder: RunFolder;
  /** How long to look for a small replay of the first failure; 0: not at all. @default 0 */
  readonly shrinkMs?: number;
  readonly version: string;
  readonly listener: Listener;
}

export class GradeSession {
  readonly #options: SessionOptions;
  readonly #startedAt = new Date();
  readonly #gradings: Grading[] = [];
  #current: Current | undefined;
  #syncsPerSecond = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** @throws UsageError if there is nothing to attach to; GraderError */
  async grade(job: GradeJob): Promise<Grading> {
    const {listener} = this.#options;
    this.#current = {job, startedAt: performance.now(), results: []};
    const {results} = this.#current;
    const shrinker = new FailureShrinker(this.#shrinkPlan(job));
    const plan = {...(await this.#plan(job)), onFailure: shrinker.failed};
    listener.gradingStarted(job, this.#options.seed);
    const failedBuild = await build(plan, job.project);
    if (failedBuild === undefined) {
      await runChecks(plan, results);
      await shrinker.shrink(plan, results);
    } else {
      results.push(failedBuild, ...blockedBy(failedBuild, job.checks));
      for (const result of results) listener.checkEnded(result);
    }
    const grading = this.#summary(this.#current, false);
    this.#gradings.push(grading);
    this.#current = undefined;
    return grading;
  }

  /** A server that cannot even be built. @param row why: it has failed, and blocks all checks */
  refuse(job: GradeTask, row: CheckResult): Grading {
    const {listener, seed} = this.#options;
    const results = [row, ...blockedBy(row, job.checks)];
    listener.gradingStarted(job, seed);
    for (const result of results) listener.checkEnded(result);
    const grading = this.#summary({job, startedAt: performance.now(), results}, false);
    this.#gradings.push(grading);
    return grading;
  }

  /** All gradings so far; the one that is running counts as interrupted. */
  report(): GradeReport {
    const running = this.#current === undefined ? [] : [this.#summary(this.#current, true)];
    const gradings = [...this.#gradings, ...running];
    const exitCode = worstExitCode(gradings.map((grading) => grading.exitCode));
    return {
      schemaVersion: SCHEMA_VERSION,
      tool: {name: 'kv', version: this.#options.version},
      startedAt: this.#startedAt.toISOString(),
      machine: {
        platform: `${process.platform} ${process.arch}`,
        node: process.versions.node,
        cpus: availableParallelism(),
        syncsPerSecond: Math.round(this.#syncsPerSecond),
      },
      gradings,
      exitCode: running.length > 0 ? EXIT_INTERRUPTED : exitCode,
    };
  }

  async #plan(job: GradeJob): Promise<RunPlan> {
    const {seed, jobs, all, required, listener} = this.#options;
    return {
      week: job.week,
      seed,
      checks: job.checks,
      // Who sends to a running server must be the only one.
      jobs: job.project.kind === 'url' ? 1 : jobs,
      all,
      required,
      target: job.target,
      environment: this.#environment(job),
      source: await this.#source(job),
      listener,
    };
  }

  #shrinkPlan({project, target}: GradeJob): ShrinkPlan {
    const {shrinkMs = 0, runFolder} = this.#options;
    const isOurs = target.kind === 'reference' || project.kind === 'url';
    return {budgetMs: shrinkMs, runFolder, project: isOurs ? undefined : project};
  }

  #environment({project, week}: GradeJob): Environment {
    const {fixturesDir, runFolder} = this.#options;
    const budgetMs = isDurable(week) ? DISK_MS.durable : DISK_MS.other;
    this.#syncsPerSecond = measureSyncsPerSecond(runFolder.path, budgetMs);
    return {
      fixturesDir,
      syncsPerSecond: this.#syncsPerSecond,
      files: claimedFiles(project.files, week),
      stretch: new Set(project.stretch),
    };
  }

  async #source({project, week, checks}: GradeJob): Promise<ServerSource> {
    const {seed} = this.#options;
    if (project.kind !== 'url') return new SpawnedSource(project, week, this.#options.runFolder);
    const source = await AttachedSource.attach(project);
    await source.prepare(checks, seed);
    return source;
  }

  #summary({job, startedAt, results}: Current, interrupted: boolean): Grading {
    const failed = new Set(results.filter(({state}) => state === 'fail').map(({id}) => id));
    const weeks = job.checks
      .filter((check) => failed.has(check.id))
      .map((check) => weekOf(check, job.week));
    const exitCode = exitCodeOf(results, this.#options.required);
    return {
      week: job.week,
      target: job.target,
      seed: this.#options.seed,
      durationMs: roundMs(performance.now() - startedAt),
      checks: [...results],
      interrupted,
      ...(weeks.length > 0 ? {earliestBrokenWeek: Math.min(...weeks)} : {}),
      exitCode: interrupted ? EXIT_INTERRUPTED : exitCode,
    };
  }
}

interface Current {
  readonly job: GradeTask;
  readonly startedAt: number;
  readonly results: CheckResult[];
}
