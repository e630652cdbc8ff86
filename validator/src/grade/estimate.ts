/** How long the whole run will take, once the first seconds have shown how fast this server is. */
import {performance} from 'node:perf_hooks';
import type {Check} from '../checks/check.ts';
import {isDurable} from '../checks/week-rules.ts';
import type {CheckResult} from './result.ts';
import type {RunPlan} from './run-plan.ts';

/** Too early is a guess, too late is of no use. */
const AFTER_MS = 2_000;
/** Until a start was measured. */
const START_MS = 150;

export class Estimate {
  readonly #plan: RunPlan;
  readonly #startedAt = performance.now();
  #requests = 0;
  #elapsedMs = 0;
  #isDone = false;

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  /** @returns the estimate in milliseconds, once: after the first check that ends late enough */
  after(check: Check, result: CheckResult): number | undefined {
    this.#requests += result.requests;
    this.#elapsedMs += result.durationMs;
    const elapsedMs = performance.now() - this.#startedAt;
    if (this.#isDone || elapsedMs < AFTER_MS || this.#requests === 0) return undefined;
    this.#isDone = true;
    const rest = this.#plan.checks.slice(this.#plan.checks.indexOf(check) + 1);
    if (rest.length === 0) return undefined;
    return elapsedMs + rest.reduce((sum, next) => sum + this.#costMs(next), 0);
  }

  /** The measured rate includes the writes seen so far; what is durable waits for the disk besides. */
  #costMs(check: Check): number {
    const {week, environment, source} = this.#plan;
    if (source.unavailable(check.needs) !== undefined) return 0;
    const {requests, writes, restarts} = check.cost;
    const requestMs = this.#elapsedMs / this.#requests;
    const syncMs = isDurable(week) ? 1000 / environment.syncsPerSecond : 0;
    return START_MS * (1 + restarts) + requests * requestMs + writes * syncMs;
  }
}
