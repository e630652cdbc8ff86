/**
 * Several clients at once, each sending one request after another over a
 * connection of its own, and the history of what they did.
 */
import {performance} from 'node:perf_hooks';
import type {Answered, HttpRequest} from '../http/exchange.ts';
import type {ClientConnection} from '../http/http-client.ts';
import type {Action, History, Operation, Scan} from '../linearizability/operation.ts';
import {type BadAnswer, readKeys, readValue} from '../replay/answers.ts';
import {refused} from './common-failures.ts';
import {CheckFailure} from './failure.ts';
import type {Value} from './ledger.ts';
import type {ServerUnderTest} from './server-under-test.ts';
import {showAnswer, showRequest} from './show-value.ts';

export type Step = WriteStep | ReadStep | ScanStep;

interface WriteStep {
  readonly op: 'write';
  readonly key: string;
  /** Null deletes. */
  readonly value: Value;
}

interface ReadStep {
  readonly op: 'read';
  readonly key: string;
}

interface ScanStep {
  readonly op: 'scan';
  readonly start: string;
  readonly end: string;
}

export class ConcurrentClients {
  readonly #server: ServerUnderTest;
  readonly #operations: Operation[] = [];
  readonly #scans: Scan[] = [];
  #inFlight = 0;
  #peakInFlight = 0;
  /** When an answer came last, or, while nothing is in flight, undefined. */
  #heardAt: number | undefined;
  #longestSilenceMs = 0;
  #isOver = false;

  constructor(server: ServerUnderTest) {
    this.#server = server;
  }

  get history(): History {
    return {operations: this.#operations, scans: this.#scans};
  }

  /** Most requests in flight at one time. */
  get peakInFlight(): number {
    return this.#peakInFlight;
  }

  /** The longest time in which requests were waiting, and none was answered. */
  get longestSilenceMs(): number {
    return this.#longestSilenceMs;
  }

  /**
   * Runs a client for each script, all at the same time, to their ends.
   * @throws CheckFailure at the first answer that no history can explain
   */
  async run(scripts: readonly Iterable<Step>[]): Promise<void> {
    // A server may be able to serve few connections only.
    this.#server.disconnect();
    const clients = scripts.map((script, client) => this.#runClient(script, client));
    const ends = await Promise.allSettled(clients);
    this.#server.disconnect();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #runClient(script: Iterable<Step>, client: number): Promise<void> {
    const connection = this.#server.connect();
    try {
      for (const step of script) {
        if (this.#isOver) return;
        await this.#take(step, client, connection);
      }
    } catch (error) {
      // The others end with their next answer.
      this.#isOver = true;
      throw error;
    }
  }

  /** A request whose connection turns out to be closed is sent once more, as a second one. */
  async #take(step: Step, client: number, connection: ClientConnection): Promise<void> {
    const request = this.#requestOf(step);
    const invoke = nowUs();
    this.#sent();
    const outcome = await this.#server.exchange(connection, request);
    this.#heard();
    if (outcome.kind === 'answered') {
      this.#record(step, request, outcome, {client, invoke, return: nowUs()});
      return;
    }
    if (!outcome.stale) {
      const failure = await this.#server.diagnosed(request, outcome.failure);
      throw step.op === 'scan' ? ofTheCheck(failure) : failure;
    }
    await this.#server.countStale(request, outcome);
    if (step.op === 'write') {
      const times = {client, invoke, return: Number.POSITIVE_INFINITY};
      this.#operations.push({key: step.key, action: writeAction(step), ...times});
    }
    await this.#take(step, client, connection);
  }

  #requestOf(step: Step): HttpRequest {
    const {dialect} = this.#server;
    switch (step.op) {
      case 'write':
        return this.#server.writeRequest(step.key, step.value);
      case 'read':
        return dialect.get(step.key);
      case 'scan':
      default:
        return dialect.scan(step.start, step.end);
    }
  }

  #record(step: Step, request: HttpRequest, answer: Answered, times: Times): void {
    switch (step.op) {
      case 'write':
        if (!isAcknowledged(step, answer)) {
          throw refused(request, answer, {mayBeAbsent: step.value === null});
        }
        this.#operations.push({key: step.key, action: writeAction(step), ...times});
        return;
      case 'read': {
        const value = readValue(answer, this.#server.dialect.codec);
        if (isBad(value)) throw wrongForm(request, answer, value);
        this.#operations.push({key: step.key, action: {op: 'get', value}, ...times});
        return;
      }
      case 'scan':
      default: {
        const keys = readKeys(answer);
        if (isBad(keys)) throw wrongForm(request, answer, keys);
        this.#scans.push({start: step.start, end: step.end, keys, ...times});
      }
    }
  }

  #sent(): void {
    this.#heardAt ??= performance.now();
    this.#inFlight += 1;
    this.#peakInFlight = Math.max(this.#peakInFlight, this.#inFlight);
  }

  #heard(): void {
    const at = performance.now();
    const silenceMs = at - (this.#heardAt ?? at);
    this.#longestSilenceMs = Math.max(this.#longestSilenceMs, silenceMs);
    this.#inFlight -= 1;
    this.#heardAt = this.#inFlight === 0 ? undefined : at;
  }
}

type Times = Pick<Operation, 'client' | 'invoke' | 'return'>;

/** Microseconds, as histories have them. */
function nowUs(): number {
  return performance.now() * 1_000;
}

function writeAction({value}: WriteStep): Action {
  return value === null ? {op: 'delete'} : {op: 'put', value};
}

/** A DELETE may find that there is nothing to delete. */
function isAcknowledged({value}: WriteStep, {status}: Answered): boolean {
  return (status >= 200 && status < 300) || (value === null && status === 404);
}

function isBad(read: Value | readonly string[] | BadAnswer): read is BadAnswer {
  return typeof read === 'object' && read !== null && 'kind' in read;
}

/**
 * A long scan that breaks off has more likely failed to read what it lists than
 * to send it, so the check's own hints say more than those about HTTP.
 */
function ofTheCheck({failure}: CheckFailure): CheckFailure {
  const {brokenDown, ...rest} = failure;
  return new CheckFailure(brokenDown === 'connection-closed' ? rest : failure);
}

/** An answer that says nothing, whatever the key holds. */
function wrongForm(request: HttpRequest, answer: Answered, {kind, expected}: BadAnswer) {
  return new CheckFailure({
    summary:
      kind === 'status'
        ? `${request.method} answered ${answer.status}`
        : `the body of an answer is not ${expected}`,
    request: showRequest(request),
    expected,
    got: showAnswer(answer),
    status: answer.status,
  });
}
