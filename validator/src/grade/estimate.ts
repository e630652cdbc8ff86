/** How long the whole run will take, once the first seconds have shown how fast this server is. */
import {performance} from 'node:perf_hooks';
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import {isDurable} from '../checks/week-rules.ts';
import type {CheckResult} from './result.ts';
import type {RunPlan} from './run-plan.ts';

/** Earlier it would be a guess. */
const AFTER_MS = 2_000;
const REQUESTS_MIN = 100;
/** Until a start was measured. */
const START_MS = 150;

export class Estimate {
  readonly #plan: RunPlan;
  readonly #results: readonly CheckResult[];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #running: {check: Check; server: ServerUnderTest; startedAt: number} | undefined;

  /** Tells the plan's listener, once. @param results filled while the plan runs */
  constructor(plan: RunPlan, results: readonly CheckResult[]) {
    this.#plan = plan;
    this.#results = results;
    this.#timer = setInterval(() => this.#tell(), AFTER_MS);
  }

  /** A check has begun to use its server. */
  checkRuns(check: Check, server: ServerUnderTest): void {
    this.#running = {check, server, startedAt: performance.now()};
  }

  /** All checks have ended. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tell(): void {
    const requestMs = this.#requestMs();
    const running = this.#running;
    if (requestMs === undefined || running === undefined) return;
    clearInterval(this.#timer);
    const {checks, listener} = this.#plan;
    const rest = checks.slice(checks.indexOf(running.check) + 1);
    const restMs = rest.reduce((sum, check) => sum + this.#costMs(check, requestMs), 0);
    const now = performance.now();
    const leftMs = this.#costMs(running.check, requestMs) - (now - running.startedAt);
    listener.estimated(now - this.#startedAt + Math.max(0, leftMs) + restMs);
  }

  /** What a request took so far, without the starts of the server; undefined if it is too early to tell. */
  #requestMs(): number | undefined {
    let requests = this.#running?.server.requestsAnswered ?? 0;
    let busyMs = this.#running === undefined ? 0 : performance.now() - this.#running.startedAt;
    for (const result of this.#results) {
      if (result === this.#results.at(-1) && result.id === this.#running?.check.id) continue;
      requests += result.requests;
      busyMs += result.durationMs - this.#startMs();
    }
    return requests < REQUESTS_MIN ? undefined : Math.max(0, busyMs) / requests;
  }

  #startMs(): number {
    const times = this.#results.flatMap(({startMs}) => (startMs === undefined ? [] : [startMs]));
    return times.length === 0 ? START_MS : times.reduce((sum, ms) => sum + ms, 0) / times.length;
  }

  #costMs(check: Check, requestMs: number): number {
    const {week, environment, source} = this.#plan;
    if (source.unavailable(check.needs) !== undefined) return 0;
    const {requests, writes, restarts} = check.cost;
    const syncMs = isDurable(week) ? 1_000 / environment.syncsPerSecond : 0;
    return this.#startMs() * (1 + restarts) + requests * requestMs + writes * syncMs;
  }
}
