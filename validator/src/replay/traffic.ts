import type {Instruction, Request} from '@kv-workshop/fixtures/instruction';
import type {GraderError} from '../errors.ts';
import type {HistoryRecorder} from '../history/history-recorder.ts';
import type {Lost, Outcome} from '../http/exchange.ts';
import type {HttpClient} from '../http/http-client.ts';
import {httpRequest} from './http-request.ts';
import type {Judge, Judgement} from './judge.ts';
import {Lane, type LaneOwner} from './lane.ts';
import type {OpenKeys, Write} from './open-keys.ts';
import type {Tally} from './tally.ts';

const LOST: Judgement = {outcome: 'lost', observed: undefined};
const NOT_SENT: Judgement = {outcome: 'not-sent', observed: undefined};

/** A request without an answer. */
export interface Trouble {
  readonly request: Request;
  readonly attempt: number;
  readonly lost: Lost;
  /** The server was known to be down. */
  readonly wasDown: boolean;
}

export interface TrafficOptions {
  readonly client: HttpClient;
  readonly connections: number;
  readonly judge: Judge;
  readonly openKeys: OpenKeys;
  readonly tally: Tally;
  readonly history: HistoryRecorder | undefined;
  readonly isServerDown: () => boolean;
}

/**
 * The hot path of a replay: keeps the connections busy, and passes answers on.
 * All of it runs in callbacks, since a promise for each request would cost as
 * much as the checking. Whatever is rare is left to the replayer: on trouble
 * nothing more is issued.
 */
export class Traffic implements LaneOwner {
  readonly #options: TrafficOptions;
  readonly #lanes: Lane[];
  readonly #free: Lane[];
  /** Started and not sent yet: their connection is being opened. */
  #unsent = 0;
  #batch: readonly Instruction[] = [];
  #next = 0;
  #isIssuing = false;
  #isStopped = false;
  #troubles: Trouble[] = [];
  #awaited: {readonly isReached: () => boolean; readonly resolve: () => void} | undefined;

  /** Requests of the file that were taken up, those that were skipped included. */
  issued = 0;
  /** No more are issued once `issued` has reached this. */
  issueLimit = Number.POSITIVE_INFINITY;
  /** The last line that was taken up. */
  line = 0;
  machineTrouble: GraderError | undefined;

  constructor(options: TrafficOptions) {
    this.#options = options;
    const {client, connections} = options;
    this.#lanes = Array.from(
      {length: connections},
      (_, number) => new Lane(number, client.connection(), this),
    );
    this.#free = this.#lanes.toReversed();
  }

  /** Whether something has to be dealt with before more is issued. */
  get needsCare(): boolean {
    return (
      this.#troubles.length > 0 ||
      this.#options.judge.suspects.length > 0 ||
      this.machineTrouble !== undefined
    );
  }

  /** Those that were sent come first: the others may only have waited for them. */
  takeTroubles(): Trouble[] {
    const troubles = this.#troubles;
    this.#troubles = [];
    return troubles.sort((a, b) => Number(b.lost.sent) - Number(a.lost.sent));
  }

  get isIdle(): boolean {
    return this.#free.length === this.#lanes.length;
  }

  /**
   * Issues the requests from `from` on, until the batch is used up, something
   * comes that is no request, or more must not be issued for now. Does not wait
   * for the last answers.
   * @returns the index of the first instruction that was not issued
   */
  async issue(batch: readonly Instruction[], from: number): Promise<number> {
    this.#batch = batch;
    this.#next = from;
    this.#isIssuing = true;
    this.#issueMore();
    await this.#until(() => !this.#isIssuing);
    return this.#next;
  }

  /** Sends one request again. REQUIRES: a connection is free. */
  resend(request: Request, attempt: number): void {
    const lane = this.#free.pop();
    if (lane === undefined) throw new Error('no connection is free for a request to be sent again');
    this.#start(lane, request, attempt);
  }

  /** Settles when every request that was started is on its way, or has failed to be. */
  whenSent(): Promise<void> {
    return this.#until(() => this.#unsent === 0);
  }

  whenIdle(): Promise<void> {
    return this.#until(() => this.isIdle);
  }

  /** Requests in flight end as lost; the connections open again when they are needed. */
  closeConnections(): void {
    for (const {connection} of this.#lanes) connection.close();
  }

  /** Issues nothing more, and lets go of what is in flight. */
  stop(): void {
    this.#isStopped = true;
    this.closeConnections();
    if (this.#isIssuing) this.#issueMore();
    this.#notice();
  }

  onSent(): void {
    this.#unsent--;
    this.#options.tally.sent();
    this.#notice();
  }

  onOutcome(lane: Lane, outcome: Outcome): void {
    const returnedAt = performance.now();
    const judgement = this.#settle(lane, outcome);
    const {tally} = this.#options;
    this.#record(lane, outcome, judgement, returnedAt);
    if (outcome.kind === 'answered') tally.answered(returnedAt - lane.invokedAt);
    else if (lane.isSent) tally.unanswered();
    else this.#unsent--;
    this.#free.push(lane);
    if (this.#isIssuing) this.#issueMore();
    this.#notice();
  }

  #settle(lane: Lane, outcome: Outcome): Judgement {
    const {request, attempt} = lane;
    const {judge, openKeys} = this.#options;
    if (outcome.kind === 'answered') {
      const judgement = judge.judge(request, outcome, lane.open);
      const wasAcknowledged = isWrite(request) && judgement.outcome === 'as-expected';
      if (wasAcknowledged && this.#isAtLimit()) openKeys.acknowledgedBeforeKill(request);
      return judgement;
    }
    if (outcome.kind === 'machine-trouble') {
      this.machineTrouble ??= outcome.error;
      return NOT_SENT;
    }
    if (outcome.sent && isWrite(request)) openKeys.writeEnds(request, false);
    const wasDown = this.#options.isServerDown();
    this.#troubles.push({request, attempt, lost: outcome, wasDown});
    return outcome.sent ? LOST : NOT_SENT;
  }

  #record(lane: Lane, outcome: Outcome, judgement: Judgement, returnedAt: number): void {
    const {history} = this.#options;
    if (history === undefined) return;
    history.add({
      line: lane.request.line,
      connection: lane.number,
      attempt: lane.attempt,
      invokeUs: history.timeUs(lane.invokedAt),
      returnUs: history.timeUs(returnedAt),
      outcome: judgement.outcome,
      status: outcome.kind === 'answered' ? outcome.status : 0,
      observed: judgement.observed,
    });
  }

  #issueMore(): void {
    for (;;) {
      const request = this.#batch[this.#next];
      if (request === undefined || !isRequest(request) || this.#mustPause()) {
        this.#isIssuing = false;
        return;
      }
      const lane = this.#free.pop();
      if (lane === undefined) return;
      this.#next++;
      this.issued++;
      this.line = request.line;
      this.#start(lane, request, 1);
    }
  }

  #mustPause(): boolean {
    return (
      this.#isAtLimit() || this.needsCare || this.#isStopped || this.#options.judge.hasSeenEnough
    );
  }

  #isAtLimit(): boolean {
    return this.issued >= this.issueLimit;
  }

  #start(lane: Lane, request: Request, attempt: number): void {
    const {client, openKeys} = this.#options;
    this.#unsent++;
    if (isWrite(request)) openKeys.writeBegins(request.key);
    const open = request.op === 'get' ? openKeys.at(request.key) : undefined;
    lane.start(request, httpRequest(client.dialect, request), open, attempt);
  }

  #until(isReached: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = {isReached, resolve};
      this.#notice();
    });
  }

  #notice(): void {
    const awaited = this.#awaited;
    if (awaited === undefined || !awaited.isReached()) return;
    this.#awaited = undefined;
    awaited.resolve();
  }
}

export function isRequest(instruction: Instruction): instruction is Request {
  const {op} = instruction;
  return op === 'get' || op === 'put' || op === 'delete' || op === 'scan';
}

function isWrite(request: Request): request is Write {
  return request.op === 'put' || request.op === 'delete';
}
