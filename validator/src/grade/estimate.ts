/** How long the whole run will take, once the first seconds have shown how fast this server is. */
import {performance} from 'node:perf_hooks';
import type {Check} from '../checks/check.ts';
import type {Pace} from './pace.ts';
import type {RunPlan} from './run-plan.ts';

/** Earlier it would be a guess. */
const AFTER_MS = 2_000;

type Plan = Pick<RunPlan, 'checks' | 'jobs' | 'listener'>;

export class Estimate {
  readonly #plan: Plan;
  readonly #pace: Pace;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  /** When each check began that has not ended yet. */
  readonly #running = new Map<Check, number>();
  #latest: Check | undefined;

  /** Tells the plan's listener, once. */
  constructor(plan: Plan, pace: Pace) {
    this.#plan = plan;
    this.#pace = pace;
    this.#timer = setInterval(() => this.#tell(), AFTER_MS);
  }

  /** A check has begun to use its server. */
  checkRuns(check: Check): void {
    this.#running.set(check, performance.now());
    this.#latest = check;
  }

  checkEnded(check: Check): void {
    this.#running.delete(check);
  }

  /** All checks have ended. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    if (this.#latest === undefined || !this.#pace.isKnown) return;
    const {checks, jobs, listener} = this.#plan;
    const rest = checks.slice(checks.indexOf(this.#latest) + 1);
    const now = performance.now();
    const running = Array.from(this.#running, ([check, startedAt]) => {
      return Math.max(0, this.#pace.costMs(check) - (now - startedAt));
    });
    const costsMs = [...rest.map((check) => this.#pace.costMs(check)), ...running];
    const leftMs = costsMs.reduce((sum, costMs) => sum + costMs, 0);
    listener.estimated(now - this.#startedAt + leftMs / jobs);
    this.stop();
  }
}
