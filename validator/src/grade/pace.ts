/** How fast a server has been in the checks so far, and what others will take at that pace. */
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import {writesMax} from '../checks/shortened.ts';
import {isDurable} from '../checks/week-rules.ts';
import {deadlineMsOf} from './deadline.ts';
import type {RunPlan} from './run-plan.ts';

/** Of fewer nothing can be told. */
const REQUESTS_MIN = 100;
/** To open a check's data folder, to kill its server and to remove the folder. */
const AROUND_MS = 50;

type Plan = Pick<RunPlan, 'week' | 'environment' | 'source'>;

export class Pace {
  readonly #plan: Plan;
  readonly #running = new Set<ServerUnderTest>();
  /** Of the checks that have ended. */
  #requests = 0;
  #busyMs = 0;
  #startMs = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  checkRuns(server: ServerUnderTest): void {
    this.#running.add(server);
  }

  checkEnded(server: ServerUnderTest): void {
    this.#running.delete(server);
    this.#requests += server.requestsAnswered;
    this.#busyMs += server.busyMs;
    this.#startMs = Math.max(this.#startMs, server.startMs ?? 0);
  }

  get isKnown(): boolean {
    return this.#sum(this.#requests, (server) => server.requestsAnswered) >= REQUESTS_MIN;
  }

  /** Mean time to an answer so far; NaN if there was none. */
  get answerMs(): number {
    const requests = this.#sum(this.#requests, (server) => server.requestsAnswered);
    return this.#sum(this.#busyMs, (server) => server.busyMs) / requests;
  }

  /** What a check will take; 0 if it cannot run. */
  costMs(check: Check): number {
    const {week, environment, source} = this.#plan;
    if (source.unavailable(check) !== undefined) return 0;
    const starts = Array.from(this.#running, (server) => server.startMs ?? 0);
    const startMs = Math.max(this.#startMs, ...starts);
    const writes = writesOf(check, this.#plan);
    const syncMs = isDurable(week) ? writes * (1_000 / environment.syncsPerSecond) : 0;
    const requestsMs = requestsOf(check, this.#plan) * this.answerMs;
    return AROUND_MS + startMs * (1 + check.cost.restarts) + requestsMs + syncMs;
  }

  /** Whether a check cannot be done in its time, by far. */
  isHopeless(check: Check): boolean {
    return this.costMs(check) > deadlineMsOf(check, this.#plan);
  }

  #sum(ended: number, of: (server: ServerUnderTest) => number): number {
    return Array.from(this.#running, of).reduce((sum, value) => sum + value, ended);
  }
}

type Durability = Pick<RunPlan, 'week' | 'environment'>;

/** About how many requests a check will send: what the disk is too slow for is left out. */
export function requestsOf(check: Check, durability: Durability): number {
  const {requests, writes} = check.cost;
  const share = writes === 0 ? 1 : writesOf(check, durability) / writes;
  return Math.round(requests * share);
}

function writesOf(check: Check, durability: Durability): number {
  return Math.min(check.cost.writes, writesMax(check, durability));
}
