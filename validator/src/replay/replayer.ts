import type {Barrier, Kill, Request, Restart} from '@kv-workshop/fixtures/instruction';
import {readOutcomesBefore} from '@kv-workshop/fixtures/key-history';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {ServerFailure} from '../errors.ts';
import {byItself} from '../server/disk-guard.ts';
import type {ServerControl} from '../server/server.ts';
import {Judge} from './judge.ts';
import {diagnoseLoss, OUTPUT_LINES, waitUntilUp} from './lost-answers.ts';
import {OpenKeys} from './open-keys.ts';
import {CONCURRENCY_DEFAULT, FAILURES_KEPT_DEFAULT, type ReplayOptions} from './replay-options.ts';
import type {ReplayBreakdown, ReplayEnd, ReplayResult} from './replay-result.ts';
import {Tally} from './tally.ts';
import {isRequest, Traffic, type Trouble} from './traffic.ts';

const PROGRESS_INTERVAL_MS = 100;
/** Each one reads the file again up to some line. */
const LOOK_UPS_MAX = 100;

/**
 * One run over one file: takes the traffic from block to block, and does what
 * is rare (the end of a block, a stop, a lost answer) while nothing is in flight.
 */
export class Replayer {
  readonly #options: ReplayOptions;
  readonly #survey: FixtureSurvey;
  readonly #control: ServerControl | undefined;
  readonly #connections: number;
  readonly #openKeys: OpenKeys;
  readonly #judge: Judge;
  readonly #tally = new Tally();
  readonly #traffic: Traffic;

  #issuedBeforeBlock = 0;
  #crashIndex = 0;
  /** The server is down because of a line of the file. */
  #isTakenDown = false;
  #isAborted = false;
  #lookUps = 0;
  /** The request whose lost answer is being looked into. */
  #unanswered: Request | undefined;

  constructor(options: ReplayOptions, survey: FixtureSurvey) {
    const {client, server, history} = options;
    this.#options = options;
    this.#survey = survey;
    this.#control = server.control;
    const isSequential = survey.mode === 'sequential';
    this.#connections = isSequential ? 1 : (options.concurrency ?? CONCURRENCY_DEFAULT);
    this.#openKeys = new OpenKeys(isSequential);
    this.#judge = new Judge(client.dialect.codec, this.#openKeys, {
      failuresKept: options.failuresKept ?? FAILURES_KEPT_DEFAULT,
      stopAfterFailures: options.stopAfterFailures ?? Number.POSITIVE_INFINITY,
    });
    this.#traffic = new Traffic({
      client,
      connections: this.#connections,
      judge: this.#judge,
      openKeys: this.#openKeys,
      tally: this.#tally,
      history,
      isServerDown: () => this.#control?.isUp === false,
    });
    this.#limitToNextCrash();
  }

  async run(): Promise<ReplayResult> {
    const {signal, client} = this.#options;
    const openedBefore = client.connectionsOpened;
    const abort = (): void => this.#abort();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    const stopProgress = this.#startProgress();
    let breakdown: ReplayBreakdown | undefined;
    this.#tally.begin();
    try {
      await this.#replayFile();
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      breakdown = {failure: error, line: this.#traffic.line, request: this.#unanswered};
    } finally {
      stopProgress();
      signal?.removeEventListener('abort', abort);
      this.#traffic.closeConnections();
    }
    return this.#tally.result({
      end: this.#end(breakdown),
      survey: this.#survey,
      failureCount: this.#judge.failureCount,
      failures: this.#judge.failures,
      breakdown,
      unfollowed: this.#openKeys.dropped,
      concurrency: this.#connections,
      connectionsOpened: client.connectionsOpened - openedBefore,
    });
  }

  async #replayFile(): Promise<void> {
    const {path, name} = this.#options.fixture;
    const traffic = this.#traffic;
    for await (const batch of readFixture(path, name)) {
      let next = 0;
      while (next < batch.length) {
        next = await traffic.issue(batch, next);
        if (this.#isOver()) return;
        if (traffic.needsCare) {
          await this.#finishRequests();
          continue;
        }
        const isAtCrash = traffic.issued === traffic.issueLimit;
        if (isAtCrash && !this.#isTakenDown) await this.#crash();
        const instruction = batch[next];
        if (instruction === undefined) break;
        next++;
        traffic.line = instruction.line;
        if (isRequest(instruction)) this.#skip();
        else await this.#endBlock(instruction);
        if (this.#isOver()) return;
      }
    }
    await this.#finishRequests();
    this.#tally.blockEnds(traffic.issued - this.#issuedBeforeBlock);
  }

  #isOver(): boolean {
    return this.#isAborted || this.#judge.hasSeenEnough;
  }

  /** Waits for all requests in flight, and deals with those that were not answered. */
  async #finishRequests(): Promise<void> {
    const traffic = this.#traffic;
    do {
      await traffic.whenIdle();
      if (traffic.machineTrouble !== undefined) throw traffic.machineTrouble;
      if (this.#isAborted) return;
      await this.#lookUpSuspects();
      for (const trouble of traffic.takeTroubles()) await this.#dealWith(trouble);
    } while (!traffic.isIdle || traffic.needsCare);
  }

  async #lookUpSuspects(): Promise<void> {
    const {suspects} = this.#judge;
    this.#judge.suspects = [];
    for (const suspect of suspects) {
      const {key} = suspect.get;
      const {olderThanLine} = suspect.open;
      if (olderThanLine === undefined) {
        // Another read has settled the key meanwhile.
        this.#judge.resolve(suspect, suspect.open.possible);
      } else if (this.#lookUps < LOOK_UPS_MAX) {
        this.#lookUps++;
        const {path} = this.#options.fixture;
        const outcomes = await readOutcomesBefore(path, this.#survey, key, olderThanLine);
        const older = outcomes.map(({value}) => value);
        this.#judge.resolve(suspect, older);
      } else {
        this.#tally.undecided++;
      }
    }
  }

  async #dealWith({request, attempt, lost, wasDown}: Trouble): Promise<void> {
    const {signal} = this.#options;
    if (this.#isTakenDown) {
      // Part of the plan.
      if (!lost.sent) this.#tally.skipped++;
      return;
    }
    if (wasDown && this.#control !== undefined) {
      // Somebody else took it down: what was sent stays unknown, the rest can wait.
      await waitUntilUp(this.#control, signal);
      if (lost.sent) return;
      this.#tally.refusedWhileDown++;
      this.#traffic.resend(request, attempt);
      return;
    }
    this.#traffic.line = request.line;
    this.#unanswered = request;
    if (lost.stale) this.#tally.staleConnections++;
    await diagnoseLoss(lost, {
      control: this.#control,
      attempt,
      staleConnections: this.#tally.staleConnections,
      connections: this.#connections,
    });
    this.#unanswered = undefined;
    this.#tally.resent++;
    this.#traffic.resend(request, attempt + 1);
  }

  /** KILL AFTER: as many requests of the block as it says have been issued. */
  async #crash(): Promise<void> {
    await this.#traffic.whenSent();
    await this.#takeDown((control) => control.kill());
    await this.#finishRequests();
  }

  /** A request behind a crash: it is never sent. */
  #skip(): void {
    this.#traffic.issued++;
    this.#tally.skipped++;
  }

  async #endBlock(instruction: Barrier | Kill | Restart): Promise<void> {
    await this.#finishRequests();
    if (this.#isOver()) return;
    const {issued} = this.#traffic;
    this.#tally.blockEnds(issued - this.#issuedBeforeBlock);
    this.#issuedBeforeBlock = issued;
    this.#openKeys.endBlock(this.#isTakenDown, instruction.line + 1);
    if (instruction.op === 'restart') await this.#restart();
    else if (instruction.op === 'kill') await this.#kill(instruction);
  }

  async #kill({afterRequests}: Kill): Promise<void> {
    if (afterRequests === undefined) {
      await this.#takeDown((control) => control.kill());
    } else {
      this.#crashIndex++;
      this.#limitToNextCrash();
    }
    this.#tally.kills++;
    await this.#bringUp();
  }

  async #restart(): Promise<void> {
    // A server may wait for its idle connections before it ends.
    this.#traffic.closeConnections();
    await this.#takeDown(async (control) => {
      const {clean} = await control.stop();
      if (!clean) this.#tally.uncleanStops++;
    });
    this.#tally.restarts++;
    await this.#bringUp();
  }

  #limitToNextCrash(): void {
    const crash = this.#survey.crashes[this.#crashIndex];
    this.#traffic.issueLimit = crash?.request ?? Number.POSITIVE_INFINITY;
  }

  async #takeDown(stop: (control: ServerControl) => Promise<void>): Promise<void> {
    const control = this.#control;
    if (control === undefined) throw new Error('this server cannot be stopped');
    const reason = control.exitReason();
    if (reason !== undefined) {
      const output = control.lastOutput(OUTPUT_LINES);
      throw new ServerFailure('exited', `the server ended${byItself(reason)}: ${reason}`, output);
    }
    this.#isTakenDown = true;
    this.#tally.goesDown();
    await stop(control);
  }

  async #bringUp(): Promise<void> {
    this.#traffic.closeConnections();
    await this.#control?.start();
    this.#isTakenDown = false;
    this.#tally.isUp();
  }

  #abort(): void {
    this.#isAborted = true;
    this.#traffic.stop();
  }

  #end(breakdown: ReplayBreakdown | undefined): ReplayEnd {
    if (breakdown !== undefined) return 'server-failure';
    if (this.#judge.hasSeenEnough) return 'too-many-failures';
    return this.#isAborted ? 'aborted' : 'complete';
  }

  #startProgress(): () => void {
    const {onProgress} = this.#options;
    if (onProgress === undefined) return () => {};
    const report = (): void => {
      onProgress({
        line: this.#traffic.line,
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
