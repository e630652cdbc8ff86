/**
 * Runs one check on a server of its own, within its deadline, and turns
 * however it ends into a state.
 */
import {performance} from 'node:perf_hooks';
import {FixtureError} from '@kv-workshop/fixtures/fixture-error';
import type {Check, CheckContext, Hints} from '../checks/check.ts';
import {CheckFailure, Inconclusive} from '../checks/failure.ts';
import {folderFault} from '../checks/folder-fault.ts';
import {ServerUnderTest} from '../checks/server-under-test.ts';
import {GraderError, ServerFailure} from '../errors.ts';
import {deadlineMsOf} from './deadline.ts';
import {failureReport} from './failure-report.ts';
import {keyInFiles} from './key-in-files.ts';
import {requestsOf} from './pace.ts';
import type {CheckResult} from './result.ts';
import {roundMs} from './round-ms.ts';
import type {RunPlan} from './run-plan.ts';
import {checkRandom} from './seed.ts';
import {serverNotes} from './server-notes.ts';
import {notFinished, tooSlowToEnd} from './too-slow.ts';

/** How long a check that was told to stop may take to do so. */
const ABORT_GRACE_MS = 5_000;
/** How often it is looked whether a check can be done in its time at all. */
const WATCH_MS = 1_000;

const TRANSPORT_HINTS: Hints = {
  look: 'what the server does with the request on this card, and each byte that it sends back: curl -v, or nc',
  cause:
    'a Content-Length that is missing or counts characters instead of bytes, lines that do not end with \\r\\n, or a handler that waits, loops or ends before the answer is out',
  chapter: 'docs/contract.md#http',
};

const EXIT_HINTS: Hints = {
  look: 'its last output, and whether the command runs in the foreground until it is stopped',
  cause: 'an error that nothing catches, or a program that goes on as a daemon',
  chapter: 'docs/contract.md#process',
};

interface CheckRunOptions {
  /** Told the check's server as soon as there is one. */
  readonly onServer: (server: ServerUnderTest) => void;
  /** Ends it without a result that is worth anything. */
  readonly signal: AbortSignal;
}

export async function runCheck(
  check: Check,
  plan: RunPlan,
  options: CheckRunOptions,
): Promise<CheckResult> {
  const started = performance.now();
  const run = new CheckRun(check, plan, options);
  const outcome = await run.outcome();
  return {
    id: check.id,
    title: check.title,
    proves: check.proves,
    week: check.weekFirst,
    durationMs: roundMs(performance.now() - started),
    requests: run.server?.requestsAnswered ?? 0,
    notes: run.notes,
    ...outcome,
  };
}

type Outcome = Pick<CheckResult, 'state' | 'reason' | 'failure'>;

class CheckRun {
  readonly #check: Check;
  readonly #plan: RunPlan;
  readonly #options: CheckRunOptions;
  readonly #abort = new AbortController();
  readonly notes: string[] = [];
  server: ServerUnderTest | undefined;

  constructor(check: Check, plan: RunPlan, options: CheckRunOptions) {
    this.#check = check;
    this.#plan = plan;
    this.#options = options;
  }

  async outcome(): Promise<Outcome> {
    const deadlineMs = deadlineMsOf(this.#check, this.#plan);
    const startedAt = performance.now();
    const timer = setTimeout(() => {
      const answered = this.server?.requestsAnswered ?? 0;
      this.#abort.abort(new Inconclusive(notFinished({answered, deadlineMs})));
    }, deadlineMs);
    const watch = setInterval(() => this.#abortIfTooSlow(deadlineMs, startedAt), WATCH_MS);
    this.#options.signal.addEventListener('abort', this.#stop);
    const outcome = await this.#settled(() => this.#bounded(this.#run(startedAt + deadlineMs)));
    this.#options.signal.removeEventListener('abort', this.#stop);
    clearInterval(watch);
    clearTimeout(timer);
    const endedByItself = this.server?.isAlive === false;
    if (this.server !== undefined) this.notes.push(...serverNotes(this.server));
    // A server that cannot be ended is a failure too, unless there was one before.
    let seen = outcome;
    const end = await this.#settled(async () => {
      await this.server?.dispose(async (dataDir) => {
        seen = await this.#withFiles(outcome, dataDir);
      });
    });
    if (outcome.state === 'pass') return end;
    // What seemed to have ended lives on out of sight: that is what went wrong first.
    return endedByItself && end.state === 'fail' ? end : seen;
  }

  /** With what the files say of the key that a failure is about. REQUIRES: the server is down. */
  async #withFiles(outcome: Outcome, dataDir: string): Promise<Outcome> {
    const {failure} = outcome;
    if (failure?.key === undefined) return outcome;
    const {week, environment} = this.#plan;
    const {key} = failure;
    const inFiles = await keyInFiles({dataDir, key, week, claimed: environment.files});
    return inFiles.length === 0 ? outcome : {...outcome, failure: {...failure, inFiles}};
  }

  readonly #stop = (): void => {
    this.#abort.abort(new Inconclusive('stopped, since its result is not asked for any more'));
  };

  /** Nobody is to wait for the deadline of a check that is far from being done by then. */
  #abortIfTooSlow(deadlineMs: number, startedAt: number): void {
    const reason = tooSlowToEnd({
      elapsedMs: performance.now() - startedAt,
      answered: this.server?.requestsAnswered ?? 0,
      busyMs: this.server?.busyMs ?? 0,
      requests: requestsOf(this.#check, this.#plan),
      deadlineMs,
    });
    if (reason !== undefined) this.#abort.abort(new Inconclusive(reason));
  }

  async #settled(work: () => Promise<void>): Promise<Outcome> {
    try {
      await work();
      return {state: 'pass'};
    } catch (error) {
      // Whatever a check that was stopped complains about, the stop is the reason.
      return this.#classify(this.#abort.signal.aborted ? this.#abort.signal.reason : error);
    }
  }

  async #run(deadline: number): Promise<void> {
    const {week, seed, environment, source, listener} = this.#plan;
    const signal = this.#abort.signal;
    this.server = new ServerUnderTest(source.open(this.#check.id), {
      week,
      // What is lost and was safe two weeks ago is named by the week that made it safe.
      weekOfDurability: this.#check.weekFirst,
      signal,
    });
    const context: CheckContext = {
      week,
      server: this.server,
      random: checkRandom(seed, this.#check.id),
      environment,
      note: (text) => this.notes.push(text),
      progress: (text) => listener.progressed(text, this.#check),
      signal,
      deadline,
    };
    this.#options.onServer(this.server);
    await this.server.start();
    await this.#check.run(context);
    this.server.assertAlive();
  }

  /** As `work`, but ends soon after the abort, even if `work` does not. */
  async #bounded(work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const aborted = new Promise<never>((_, reject) => {
      this.#abort.signal.addEventListener('abort', () => {
        this.server?.abandon();
        timer = setTimeout(() => reject(this.#abort.signal.reason), ABORT_GRACE_MS);
      });
    });
    try {
      await Promise.race([work, aborted]);
    } finally {
      clearTimeout(timer);
      // If it lost the race, its end is of no interest any more.
      work.catch(() => {});
    }
  }

  /** Hints for what is wrong below what the check is about; undefined if nothing is. */
  #hintsBelow(error: CheckFailure | ServerFailure): Hints | undefined {
    // Before its first start nothing was asked, and the failure has hints for that.
    if (this.server === undefined || (this.server.isOurs && this.server.startMs === undefined)) {
      return undefined;
    }
    if (error instanceof ServerFailure) return error.kind === 'survivor' ? EXIT_HINTS : undefined;
    const {brokenDown, expected, fixture} = error.failure;
    // Anything else that was expected is what the check is about, such as a start after a crash.
    if (brokenDown === undefined && expected !== undefined) return undefined;
    // A request of a replay has nothing to do with the end or the wait; one of a check may well.
    const isOfCheck = brokenDown !== undefined && fixture === undefined;
    if (!this.server.isAlive) return isOfCheck ? undefined : EXIT_HINTS;
    if (brokenDown === undefined || (isOfCheck && brokenDown === 'hang')) return undefined;
    return TRANSPORT_HINTS;
  }

  #folderFault(error: unknown): CheckFailure | undefined {
    const dataDir = this.server?.open.control?.dataDir;
    return dataDir === undefined ? undefined : folderFault(error, dataDir);
  }

  #classify(thrown: unknown): Outcome {
    // Such as that of a start whose data folder is a file by now.
    const error = this.#folderFault(thrown) ?? thrown;
    if (error instanceof CheckFailure || error instanceof ServerFailure) {
      if (error instanceof CheckFailure) {
        this.#plan.onFailure?.(this.#check, error.failure, this.server?.ledger);
      }
      const failure = failureReport(error, this.#check, this.#plan, this.server);
      const hints = this.#hintsBelow(error) ?? failure.hints;
      return {state: 'fail', reason: failure.summary, failure: {...failure, hints}};
    }
    if (error instanceof Inconclusive) return {state: 'inconclusive', reason: error.message};
    return {state: 'grader-error', reason: graderError(error)};
  }
}

/** A GraderError explains itself; of anything else the place where it was thrown helps. */
function graderError(error: unknown): string {
  if (error instanceof GraderError || error instanceof FixtureError) return error.message;
  if (!(error instanceof Error)) return `the grader threw ${String(error)}`;
  const place = error.stack?.split('\n')[1]?.trim() ?? '';
  return `bug in the grader: ${error.name}: ${error.message} ${place}`.trimEnd();
}
