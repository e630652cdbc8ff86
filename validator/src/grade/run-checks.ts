/** Runs the checks of a plan, some side by side, with results as if one after another. */
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import {inMilliseconds} from '../report/numbers.ts';
import type {State} from '../verdict.ts';
import {Estimate} from './estimate.ts';
import {Pace} from './pace.ts';
import type {CheckResult} from './result.ts';
import {runCheck} from './run-check.ts';
import type {RunPlan} from './run-plan.ts';

/**
 * Runs the checks of a plan. The first failure in their order stops the run,
 * since what comes later builds on what failed; `all` goes on regardless.
 * @param results gets the results in the order of the checks, each as soon as
 *   it and all before it are known
 */
export async function runChecks(plan: RunPlan, results: CheckResult[]): Promise<void> {
  await new Run(plan, results).toEnd();
}

class Run {
  readonly #plan: RunPlan;
  readonly #results: CheckResult[];
  readonly #pace: Pace;
  readonly #estimate: Estimate;
  readonly #running = new Map<Check, Promise<void>>();
  /** What is known and not told yet: a check that comes before is still running. */
  readonly #early = new Map<Check, CheckResult>();
  /** Ends the checks whose results are not asked for any more. */
  readonly #abort = new AbortController();
  #startedCount = 0;
  #toldCount = 0;
  /** Why no further check is run, from the first one on that says so. */
  #blocker: Blocker | undefined;

  constructor(plan: RunPlan, results: CheckResult[]) {
    this.#plan = plan;
    this.#results = results;
    this.#pace = new Pace(plan);
    this.#estimate = new Estimate(plan, this.#pace);
  }

  async toEnd(): Promise<void> {
    for (;;) {
      this.#startMore();
      this.#tell();
      if (this.#running.size === 0 || this.#blocker !== undefined) break;
      await Promise.race(this.#running.values());
    }
    this.#estimate.stop();
    this.#abort.abort();
    await Promise.all(this.#running.values());
  }

  /** Starts checks in their order, as many as may run side by side. */
  #startMore(): void {
    const {checks} = this.#plan;
    for (; this.#startedCount < checks.length; this.#startedCount++) {
      const check = checks[this.#startedCount];
      if (check === undefined || !this.#mayStart(check)) return;
      const skipped = whyNotRun(check, this.#plan);
      if (skipped === undefined) this.#running.set(check, this.#run(check));
      else this.#early.set(check, skipped);
    }
  }

  #mayStart(check: Check): boolean {
    const {jobs, all} = this.#plan;
    if (this.#blocker !== undefined) return false;
    // What comes behind a failure will be blocked by it, or by an earlier one.
    if (!all && Array.from(this.#early.values()).some(hasFailed)) return false;
    const running = Array.from(this.#running.keys());
    if (running.length === 0) return true;
    return running.length < jobs && !running.some(runsAlone) && !runsAlone(check);
  }

  async #run(check: Check): Promise<void> {
    const {listener} = this.#plan;
    let server: ServerUnderTest | undefined;
    const onServer = (ofCheck: ServerUnderTest): void => {
      server = ofCheck;
      this.#pace.checkRuns(ofCheck);
      this.#estimate.checkRuns(check);
      listener.checkRuns(check, ofCheck);
    };
    listener.checkStarted(check);
    const result = await runCheck(check, this.#plan, {onServer, signal: this.#abort.signal});
    this.#running.delete(check);
    this.#estimate.checkEnded(check);
    if (server !== undefined) this.#pace.checkEnded(server);
    if (this.#blocker !== undefined) return;
    this.#early.set(check, result);
    this.#tell();
    if (hasFailed(result) && this.#early.has(check)) listener.failedEarly(result);
  }

  /** Tells what has become known, in order. */
  #tell(): void {
    const {checks, listener} = this.#plan;
    for (; this.#toldCount < checks.length; this.#toldCount++) {
      const check = checks[this.#toldCount];
      const result = check === undefined ? undefined : this.#resultOf(check);
      if (check === undefined || result === undefined) return;
      this.#early.delete(check);
      this.#results.push(result);
      listener.checkEnded(result);
      this.#blocker ??= this.#blockerAfter(result, checks.slice(this.#toldCount + 1));
    }
  }

  #resultOf(check: Check): CheckResult | undefined {
    if (this.#blocker === undefined) return this.#early.get(check);
    return whyNotRun(check, this.#plan) ?? blocked(check, this.#blocker);
  }

  #blockerAfter(result: CheckResult, rest: readonly Check[]): Blocker | undefined {
    if (hasFailed(result)) return this.#plan.all ? undefined : failedBlocker(result);
    if (result.state !== 'inconclusive') return undefined;
    const left = rest.filter((check) => whyNotRun(check, this.#plan) === undefined);
    const hopeless = left.filter((check) => this.#pace.isHopeless(check));
    // With a third of them there would be no verdict, however long one waits for the others.
    if (left.length === 0 || 3 * hopeless.length < left.length) return undefined;
    const answer = `${inMilliseconds(this.#pace.answerMs)} an answer`;
    return {
      id: result.id,
      reason: `the server is too slow: at ${answer}, ${hopeless.length} would not end in time`,
    };
  }
}

/** Its result depends on time, so nothing else is to run meanwhile. */
function runsAlone({isTimed}: Check): boolean {
  return isTimed === true;
}

function hasFailed({state}: CheckResult): boolean {
  return state === 'fail' || state === 'grader-error';
}

/** The check after whose result no further one is run. */
interface Blocker {
  readonly id: string;
  /** One clause. */
  readonly reason: string;
}

function failedBlocker({id, state}: CheckResult): Blocker {
  return {id, reason: `${id} ${state === 'fail' ? 'failed' : 'could not be graded'}`};
}

function whyNotRun(check: Check, plan: RunPlan): CheckResult | undefined {
  const unavailable = plan.source.unavailable(check);
  if (unavailable !== undefined) return notRun(check, 'unavailable', unavailable);
  if (isClaimed(check, plan)) return undefined;
  return notRun(check, 'not-claimed', `kv.yaml does not claim files: ${check.claims}`);
}

/** All checks, if none can even begin. */
export function blockedBy(result: CheckResult, checks: readonly Check[]): CheckResult[] {
  return checks.map((check) => blocked(check, failedBlocker(result)));
}

function blocked(check: Check, {id, reason}: Blocker): CheckResult {
  return {...notRun(check, 'blocked', reason), blockedBy: id};
}

function isClaimed(check: Check, plan: RunPlan): boolean {
  if (check.claims === undefined || plan.required.has(check.id)) return true;
  return plan.environment.files.has(check.claims) || plan.environment.stretch.has(check.claims);
}

function notRun(check: Check, state: State, reason: string): CheckResult {
  const {id, title, proves, weekFirst} = check;
  return {id, title, proves, week: weekFirst, state, durationMs: 0, requests: 0, notes: [], reason};
}
