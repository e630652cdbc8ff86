import type {Grading} from '../grade/result.ts';
import type {Listener} from '../grade/run-plan.ts';

/** Shows a grading to people while it runs. */
export interface Reporter extends Listener {
  /** Lines that belong to no check. */
  remark(lines: readonly string[]): void;
  /** All checks have ended, or it was interrupted. */
  gradingEnded(grading: Grading): void;
}

/** For `--json -`: nothing but the JSON is written. */
export class Quiet implements Reporter {
  gradingStarted(): void {}
  checkStarted(): void {}
  checkRuns(): void {}
  progressed(): void {}
  failedEarly(): void {}
  checkEnded(): void {}
  shrinkStarted(): void {}
  estimated(): void {}
  remark(): void {}
  gradingEnded(): void {}
}
