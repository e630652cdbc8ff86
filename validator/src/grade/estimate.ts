/** How long the whole run will take, once the first seconds have shown how fast this server is. */
import {performance} from 'node:perf_hooks';
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import {durableWritesMax} from '../checks/shortened.ts';
import {isDurable} from '../checks/week-rules.ts';
import type {RunPlan} from './run-plan.ts';

/** Earlier it would be a guess. */
const AFTER_MS = 2_000;
const REQUESTS_MIN = 100;
/** To open a check's data folder, to kill its server and to remove the folder. */
const AROUND_MS = 50;

export class Estimate {
  readonly #plan: RunPlan;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #servers: ServerUnderTest[] = [];
  #running: {readonly check: Check; readonly startedAt: number} | undefined;

  /** Tells the plan's listener, once. */
  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#timer = setInterval(() => this.#tell(), AFTER_MS);
  }

  /** A check has begun to use its server. */
  checkRuns(check: Check, server: ServerUnderTest): void {
    this.#running = {check, startedAt: performance.now()};
    this.#servers.push(server);
  }

  /** All checks have ended. */
  stop(): void {
    clearInterval(this.#timer);
    this.#servers.length = 0;
  }

  #tell(): void {
    const requests = this.#servers.reduce((sum, server) => sum + server.requestsAnswered, 0);
    if (this.#running === undefined || requests < REQUESTS_MIN) return;
    const {check: running, startedAt} = this.#running;
    const {checks, listener} = this.#plan;
    const rest = checks.slice(checks.indexOf(running) + 1);
    const restMs = rest.reduce((sum, check) => sum + this.#costMs(check, requests), 0);
    const now = performance.now();
    const runningMs = Math.max(0, this.#costMs(running, requests) - (now - startedAt));
    listener.estimated(now - this.#startedAt + runningMs + restMs);
    this.stop();
  }

  #costMs(check: Check, requestsSoFar: number): number {
    const {week, environment, source} = this.#plan;
    if (source.unavailable(check) !== undefined) return 0;
    const busyMs = this.#servers.reduce((sum, server) => sum + server.busyMs, 0);
    const startMs = Math.max(0, ...this.#servers.map((server) => server.startMs ?? 0));
    // What the disk is too slow for will be left out.
    const writes = Math.min(check.cost.writes, durableWritesMax({week, environment}));
    const share = check.cost.writes === 0 ? 1 : writes / check.cost.writes;
    const syncMs = isDurable(week) ? writes * (1_000 / environment.syncsPerSecond) : 0;
    const requestsMs = check.cost.requests * share * (busyMs / requestsSoFar);
    return AROUND_MS + startMs * (1 + check.cost.restarts) + requestsMs + syncMs;
  }
}
