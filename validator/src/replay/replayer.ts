import type {Barrier, Instruction, Kill, Request, Restart} from '@kv-workshop/fixtures/instruction';
import {readOutcomesBefore} from '@kv-workshop/fixtures/key-history';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {type GraderError, ServerFailure} from '../errors.ts';
import type {HttpRequest, Lost, Outcome} from '../http/exchange.ts';
import type {ServerControl} from '../server/server.ts';
import {Judge, type Judgement} from './judge.ts';
import {Lane, type LaneOwner} from './lane.ts';
import {diagnoseLoss, waitUntilUp} from './lost-answers.ts';
import {OpenKeys} from './open-keys.ts';
import {CONCURRENCY_DEFAULT, FAILURES_KEPT_DEFAULT, type ReplayOptions} from './replay-options.ts';
import type {ReplayBreakdown, ReplayEnd, ReplayResult} from './replay-result.ts';
import {Tally} from './tally.ts';

const PROGRESS_INTERVAL_MS = 100;
/** Each one reads the file again up to some line. */
const LOOK_UPS_MAX = 100;

const LOST: Judgement = {outcome: 'lost', observed: undefined};
const NOT_SENT: Judgement = {outcome: 'not-sent', observed: undefined};

interface Trouble {
  readonly request: Request;
  readonly attempt: number;
  readonly lost: Lost;
  /** Somebody else had taken the server down, on purpose. */
  readonly isDowntime: boolean;
}

/**
 * One run over one file. Requests are issued by callbacks, since a promise for
 * each of them would cost as much as the checking; all that is rare (the end of
 * a block, a stop, a lost answer) is done by `#replayFile`, while nothing is
 * in flight.
 */
export class Replayer implements LaneOwner {
  readonly #options: ReplayOptions;
  readonly #survey: FixtureSurvey;
  readonly #control: ServerControl | undefined;
  readonly #lanes: Lane[];
  readonly #free: Lane[];
  readonly #openKeys: OpenKeys;
  readonly #judge: Judge;
  readonly #tally = new Tally();

  #batch: readonly Instruction[] = [];
  #next = 0;
  #line = 0;
  /** Requests of the file that were taken up. */
  #requests = 0;
  #blockRequests = 0;
  #crashIndex = 0;
  /** Started and not sent yet: their connection is being opened. */
  #unsent = 0;
  #isIssuing = false;
  /** The server is down because of us. */
  #isTakenDown = false;
  #isAborted = false;
  #troubles: Trouble[] = [];
  /** The request whose lost answer is being looked into. */
  #unanswered: Request | undefined;
  #machineTrouble: GraderError | undefined;
  #lookUps = 0;
  #awaited: {readonly isReached: () => boolean; readonly resolve: () => void} | undefined;

  constructor(options: ReplayOptions, survey: FixtureSurvey) {
    this.#options = options;
    this.#survey = survey;
    this.#control = options.server.control;
    const isSequential = survey.mode === 'sequential';
    const lanes = isSequential ? 1 : Math.max(1, options.concurrency ?? CONCURRENCY_DEFAULT);
    this.#lanes = Array.from(
      {length: lanes},
      (_, number) => new Lane(number, options.client.connection(), this),
    );
    this.#free = this.#lanes.toReversed();
    this.#openKeys = new OpenKeys(isSequential);
    const failuresKept = options.failuresKept ?? FAILURES_KEPT_DEFAULT;
    this.#judge = new Judge(options.client.dialect.codec, this.#openKeys, failuresKept);
  }

  async run(): Promise<ReplayResult> {
    const {signal, client} = this.#options;
    const opened = client.connectionsOpened;
    const abort = (): void => this.#abort();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) this.#abort();
    const stopProgress = this.#startProgress();
    let breakdown: ReplayBreakdown | undefined;
    this.#tally.begin();
    try {
      await this.#replayFile();
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      breakdown = {failure: error, line: this.#line, request: this.#unanswered};
    } finally {
      stopProgress();
      signal?.removeEventListener('abort', abort);
      this.#closeConnections();
    }
    return this.#tally.result({
      end: this.#end(breakdown),
      survey: this.#survey,
      failureCount: this.#judge.failureCount,
      failures: this.#judge.failures,
      breakdown,
      unfollowed: this.#openKeys.dropped,
      concurrency: this.#lanes.length,
      connectionsOpened: client.connectionsOpened - opened,
    });
  }

  onSent(): void {
    this.#unsent--;
    this.#tally.sent();
    this.#notice();
  }

  onOutcome(lane: Lane, outcome: Outcome): void {
    const returnedAt = performance.now();
    const judgement = this.#settle(lane, outcome);
    const {history} = this.#options;
    if (history !== undefined) {
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
    if (outcome.kind === 'answered') this.#tally.answered(returnedAt - lane.invokedAt);
    else if (lane.isSent) this.#tally.unanswered();
    else this.#unsent--;
    this.#free.push(lane);
    if (this.#isIssuing) this.#issueMore();
    this.#notice();
  }

  #settle(lane: Lane, outcome: Outcome): Judgement {
    const {request, attempt} = lane;
    if (outcome.kind === 'answered') {
      const judgement = this.#judge.judge(request, outcome, lane.open);
      const wasAcknowledged = isWrite(request) && judgement.outcome === 'as-expected';
      if (wasAcknowledged && this.#isAtCrash()) this.#openKeys.acknowledgedBeforeKill(request);
      return judgement;
    }
    if (outcome.kind === 'machine-trouble') {
      this.#machineTrouble ??= outcome.error;
      return NOT_SENT;
    }
    if (outcome.sent && isWrite(request)) this.#openKeys.writeEnds(request, false);
    const isDowntime = this.#control?.isUp === false && !this.#isTakenDown;
    this.#troubles.push({request, attempt, lost: outcome, isDowntime});
    return outcome.sent ? LOST : NOT_SENT;
  }

  async #replayFile(): Promise<void> {
    const {path, name} = this.#options.fixture;
    for await (const batch of readFixture(path, name)) {
      this.#batch = batch;
      this.#next = 0;
      while (this.#next < batch.length) {
        await this.#issue();
        if (this.#isStopped()) return;
        if (this.#needsCare()) {
          await this.#finishRequests();
          continue;
        }
        if (this.#isAtCrash() && !this.#isTakenDown) await this.#crash();
        const instruction = this.#batch[this.#next];
        if (instruction === undefined) break;
        this.#next++;
        this.#line = instruction.line;
        if (isRequest(instruction)) this.#skip();
        else await this.#endBlock(instruction);
        if (this.#isStopped()) return;
      }
    }
    await this.#finishRequests();
    this.#tally.blockEnds(this.#blockRequests);
  }

  /** Issues what can be; settles when something else than a free connection is needed. */
  async #issue(): Promise<void> {
    this.#isIssuing = true;
    this.#issueMore();
    await this.#until(() => !this.#isIssuing);
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
      this.#requests++;
      this.#blockRequests++;
      this.#line = request.line;
      this.#start(lane, request, 1);
    }
  }

  #start(lane: Lane, request: Request, attempt: number): void {
    this.#unsent++;
    let open = undefined;
    if (request.op === 'get') open = this.#openKeys.at(request.key);
    else if (request.op !== 'scan') this.#openKeys.writeBegins(request.key);
    lane.start(request, this.#encode(request), open, attempt);
  }

  #encode(request: Request): HttpRequest {
    const {dialect} = this.#options.client;
    switch (request.op) {
      case 'put':
        return dialect.put(request.key, request.value);
      case 'get':
        return dialect.get(request.key);
      case 'delete':
        return dialect.delete(request.key);
      case 'scan':
      default:
        return dialect.scan(request.start, request.end);
    }
  }

  #mustPause(): boolean {
    return this.#isAtCrash() || this.#isTakenDown || this.#needsCare() || this.#isStopped();
  }

  #needsCare(): boolean {
    return (
      this.#troubles.length > 0 ||
      this.#judge.suspects.length > 0 ||
      this.#machineTrouble !== undefined
    );
  }

  #isStopped(): boolean {
    return this.#isAborted || this.#hasTooManyFailures();
  }

  #hasTooManyFailures(): boolean {
    return this.#judge.failureCount >= (this.#options.stopAfterFailures ?? Infinity);
  }

  /** Waits for all requests in flight, and deals with those that were not answered. */
  async #finishRequests(): Promise<void> {
    do {
      await this.#until(() => this.#free.length === this.#lanes.length);
      if (this.#machineTrouble !== undefined) throw this.#machineTrouble;
      if (this.#isAborted) return;
      await this.#lookUpSuspects();
      await this.#careForTroubles();
    } while (this.#free.length < this.#lanes.length || this.#needsCare());
  }

  async #lookUpSuspects(): Promise<void> {
    const {suspects} = this.#judge;
    this.#judge.suspects = [];
    for (const suspect of suspects) {
      const {get, open} = suspect;
      if (open.olderThanLine === undefined) {
        // Another read has settled the key meanwhile.
        this.#judge.resolve(suspect, []);
      } else if (this.#lookUps++ < LOOK_UPS_MAX) {
        const {path} = this.#options.fixture;
        const before = await readOutcomesBefore(path, this.#survey, get.key, open.olderThanLine);
        const older = before.map(({value}) => value);
        this.#judge.resolve(suspect, older);
      } else {
        this.#tally.undecided++;
      }
    }
  }

  async #careForTroubles(): Promise<void> {
    const troubles = this.#troubles;
    this.#troubles = [];
    for (const trouble of troubles) {
      const {request, attempt, lost, isDowntime} = trouble;
      if (this.#isTakenDown) {
        if (!lost.sent) this.#tally.skipped++;
        continue;
      }
      if (isDowntime && this.#control !== undefined) {
        await waitUntilUp(this.#control, this.#options.signal);
        if (lost.sent) continue;
        this.#tally.refusedWhileDown++;
        this.#resend(request, attempt);
        continue;
      }
      this.#line = request.line;
      this.#unanswered = request;
      this.#tally.staleConnections += lost.stale ? 1 : 0;
      await diagnoseLoss(lost, {
        control: this.#control,
        attempt,
        staleConnections: this.#tally.staleConnections,
        connections: this.#lanes.length,
      });
      this.#unanswered = undefined;
      this.#tally.resent++;
      this.#resend(request, attempt + 1);
    }
  }

  /** REQUIRES: there are at least as many connections free as troubles left. */
  #resend(request: Request, attempt: number): void {
    const lane = this.#free.pop();
    if (lane === undefined) throw new Error('no connection is free for a request to be sent again');
    this.#start(lane, request, attempt);
  }

  #isAtCrash(): boolean {
    return this.#requests === this.#survey.crashes[this.#crashIndex]?.request;
  }

  /** KILL AFTER: as many requests of the block as it says were taken up. */
  async #crash(): Promise<void> {
    await this.#until(() => this.#unsent === 0);
    await this.#takeDown((control) => control.kill());
    await this.#finishRequests();
  }

  /** A request behind a crash. */
  #skip(): void {
    this.#requests++;
    this.#tally.skipped++;
  }

  async #endBlock(instruction: Barrier | Kill | Restart): Promise<void> {
    await this.#finishRequests();
    if (this.#isStopped()) return;
    this.#tally.blockEnds(this.#blockRequests);
    this.#blockRequests = 0;
    const wasKilled = this.#isTakenDown;
    this.#openKeys.endBlock(wasKilled, instruction.line + 1);
    if (instruction.op === 'barrier') return;
    if (wasKilled) {
      this.#crashIndex++;
    } else if (instruction.op === 'kill') {
      await this.#takeDown((control) => control.kill());
    } else {
      // A server may wait for its idle connections before it ends.
      this.#closeConnections();
      await this.#takeDown(async (control) => {
        const {clean} = await control.stop();
        if (!clean) this.#tally.uncleanStops++;
      });
    }
    if (instruction.op === 'kill') this.#tally.kills++;
    else this.#tally.restarts++;
    await this.#bringUp();
  }

  async #takeDown(stop: (control: ServerControl) => Promise<void>): Promise<void> {
    const control = this.#control;
    if (control === undefined) throw new Error('this server cannot be stopped');
    const reason = control.exitReason();
    if (reason !== undefined) {
      const output = control.lastOutput(20);
      throw new ServerFailure('exited', `the server ended by itself: ${reason}`, output);
    }
    this.#isTakenDown = true;
    this.#tally.goesDown();
    await stop(control);
  }

  async #bringUp(): Promise<void> {
    this.#closeConnections();
    await this.#control?.start();
    this.#isTakenDown = false;
    this.#tally.isUp();
  }

  #closeConnections(): void {
    for (const {connection} of this.#lanes) connection.close();
  }

  #abort(): void {
    this.#isAborted = true;
    this.#closeConnections();
    if (this.#isIssuing) this.#issueMore();
    this.#notice();
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

  #end(breakdown: ReplayBreakdown | undefined): ReplayEnd {
    if (breakdown !== undefined) return 'server-failure';
    if (this.#hasTooManyFailures()) return 'too-many-failures';
    return this.#isAborted ? 'aborted' : 'complete';
  }

  #startProgress(): () => void {
    const {onProgress} = this.#options;
    if (onProgress === undefined) return () => {};
    const report = (): void => {
      onProgress({
        line: this.#line,
        requests: this.#survey.requests,
        failureCount: this.#judge.failureCount,
        ...this.#tally.progress(),
      });
    };
    const timer = setInterval(report, PROGRESS_INTERVAL_MS);
    return () => {
      clearInterval(timer);
      report();
    };
  }
}

function isRequest(instruction: Instruction): instruction is Request {
  const {op} = instruction;
  return op === 'get' || op === 'put' || op === 'delete' || op === 'scan';
}

function isWrite(request: Request): request is Extract<Request, {op: 'put' | 'delete'}> {
  return request.op === 'put' || request.op === 'delete';
}
