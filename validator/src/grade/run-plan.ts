/** What the runner needs: which checks, on what servers, under which rules. */
import type {Check, Environment} from '../checks/check.ts';
import type {FailureCause} from '../checks/failure.ts';
import type {Ledger} from '../checks/ledger.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import type {GradeTask} from './grade-session.ts';
import type {CheckResult, Target} from './result.ts';
import type {ServerSource} from './server-source.ts';

export interface RunPlan {
  readonly week: number;
  readonly seed: number;
  /** In the order in which they run. */
  readonly checks: readonly Check[];
  /** Checks that may run side by side, each on a server of its own. */
  readonly jobs: number;
  /** Go on after a failed check. */
  readonly all: boolean;
  /** Ids of checks that count even where they could not run; a format they need is taken as claimed. */
  readonly required: ReadonlySet<string>;
  readonly target: Target;
  readonly environment: Environment;
  readonly source: ServerSource;
  readonly listener: Listener;
  /** Told what each failure came from, before its server and its data are gone. */
  readonly onFailure?: (check: Check, cause: FailureCause, ledger: Ledger | undefined) => void;
}

/** Told what happens while it happens. */
export interface Listener {
  gradingStarted(job: GradeTask, seed: number): void;
  checkStarted(check: Check): void;
  /** The check has its server: ask that how many requests were answered. */
  checkRuns(check: Check, server: ServerUnderTest): void;
  /** How far a check is, or, without one, the build: in its own words. */
  progressed(text: string, check?: Check): void;
  /** A check has failed, and some that come before it are still running. */
  failedEarly(result: CheckResult): void;
  /** Told in the order of the checks. */
  checkEnded(result: CheckResult): void;
  /** All checks have ended; a small replay of this one's failure is looked for. */
  shrinkStarted(result: CheckResult): void;
  /** Once, after the first seconds. */
  estimated(totalMs: number): void;
}
