/** Runs the checks of a plan, one after another. */
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import type {State} from '../verdict.ts';
import {Estimate} from './estimate.ts';
import type {CheckResult} from './result.ts';
import {runCheck} from './run-check.ts';
import type {RunPlan} from './run-plan.ts';

/**
 * Runs the checks of a plan in order. The first failure stops the run, since
 * what comes later builds on what failed; `all` goes on regardless.
 * @param results gets each result as soon as it is known
 */
export async function runChecks(plan: RunPlan, results: CheckResult[]): Promise<void> {
  const {listener} = plan;
  const estimate = new Estimate(plan);
  let blocker: CheckResult | undefined;
  for (const check of plan.checks) {
    const onServer = (server: ServerUnderTest): void => {
      listener.checkRuns(check, server);
      estimate.checkRuns(check, server);
    };
    const skipped = whyNotRun(check, plan, blocker);
    if (skipped === undefined) listener.checkStarted(check);
    const result = skipped ?? (await runCheck(check, plan, onServer));
    results.push(result);
    listener.checkEnded(result);
    if (!plan.all && (result.state === 'fail' || result.state === 'grader-error'))
      blocker ??= result;
  }
  estimate.stop();
}

function whyNotRun(
  check: Check,
  plan: RunPlan,
  blocker: CheckResult | undefined,
): CheckResult | undefined {
  const unavailable = plan.source.unavailable(check);
  if (unavailable !== undefined) return notRun(check, 'unavailable', unavailable);
  if (!isClaimed(check, plan)) {
    return notRun(check, 'not-claimed', `kv.yaml does not claim files: ${check.claims}`);
  }
  if (blocker === undefined) return undefined;
  return blocked(check, blocker);
}

/** All checks of a plan that cannot even begin. */
export function blockedBy(blocker: CheckResult, plan: RunPlan): CheckResult[] {
  return plan.checks.map((check) => blocked(check, blocker));
}

function blocked(check: Check, blocker: CheckResult): CheckResult {
  const how = blocker.state === 'fail' ? 'failed' : 'could not be graded';
  return {...notRun(check, 'blocked', `${blocker.id} ${how}`), blockedBy: blocker.id};
}

function isClaimed(check: Check, plan: RunPlan): boolean {
  if (check.claims === undefined || plan.required.has(check.id)) return true;
  return plan.environment.files.has(check.claims) || plan.environment.stretch.has(check.claims);
}

function notRun(check: Check, state: State, reason: string): CheckResult {
  const {id, title, proves, weekFirst} = check;
  return {id, title, proves, week: weekFirst, state, durationMs: 0, requests: 0, notes: [], reason};
}
