import type {Expected, Get, Request, Scan} from '@kv-workshop/fixtures/instruction';
import type {HistoryOutcome} from '../history/history-record.ts';
import type {BodyCodec} from '../http/body-codec.ts';
import type {Answered} from '../http/exchange.ts';
import {
  areEqual,
  type BadAnswer,
  checkWrite,
  compareKeys,
  isPermitted,
  readKeys,
  readValue,
} from './answers.ts';
import {type OpenKey, type OpenKeys, settle, type Write} from './open-keys.ts';
import type {ReplayFailure} from './replay-result.ts';

/** Of a wrong answer's body; enough for any value. */
const BODY_KEPT_BYTES = 64 * 1024;

/** What the history says of an answer. */
export interface Judgement {
  readonly outcome: HistoryOutcome;
  readonly observed: string | undefined;
}

/** A read that is right only if the key still has the value from before a lost write. */
export interface Suspect {
  readonly get: Get;
  readonly answer: Answered;
  readonly value: Expected;
  readonly open: OpenKey;
}

export interface JudgeOptions {
  /** Further ones are only counted. */
  readonly failuresKept: number;
  readonly stopAfterFailures: number;
}

const AS_EXPECTED: Judgement = {outcome: 'as-expected', observed: undefined};
const ABSENT: Judgement = {outcome: 'absent', observed: undefined};
const OTHER: Judgement = {outcome: 'other', observed: undefined};

/** Holds answers against the fixture's lines, and against what the run itself has learnt. */
export class Judge {
  readonly #codec: BodyCodec;
  readonly #openKeys: OpenKeys;
  readonly #options: JudgeOptions;
  readonly failures: ReplayFailure[] = [];
  failureCount = 0;
  /** Not judged yet: whoever runs the replay looks up the older values and calls `resolve`. */
  suspects: Suspect[] = [];

  constructor(codec: BodyCodec, openKeys: OpenKeys, options: JudgeOptions) {
    this.#codec = codec;
    this.#openKeys = openKeys;
    this.#options = options;
  }

  /** Whether the run is to end because of its failures. */
  get hasSeenEnough(): boolean {
    return this.failureCount >= this.#options.stopAfterFailures;
  }

  /** @param open what was open about the key when the request was sent */
  judge(request: Request, answer: Answered, open: OpenKey | undefined): Judgement {
    switch (request.op) {
      case 'get':
        return this.#judgeGet(request, answer, open);
      case 'scan':
        return this.#judgeScan(request, answer);
      case 'put':
      case 'delete':
      default:
        return this.#judgeWrite(request, answer);
    }
  }

  /** @param older what the key may have been before the lost write */
  resolve(suspect: Suspect, older: readonly Expected[]): void {
    const {get, answer, value, open} = suspect;
    if (older.includes(value)) settle(open, value, get.line);
    else this.#failValue(get, answer, value, [...open.possible, ...older]);
  }

  #judgeWrite(write: Write, answer: Answered): Judgement {
    const bad = checkWrite(write, answer.status);
    this.#openKeys.writeEnds(write, bad === undefined);
    if (bad === undefined) return AS_EXPECTED;
    this.#failBadAnswer(write, answer, bad);
    return OTHER;
  }

  #judgeGet(get: Get, answer: Answered, open: OpenKey | undefined): Judgement {
    const value = readValue(answer, this.#codec);
    if (typeof value === 'object' && value !== null) {
      this.#failBadAnswer(get, answer, value);
      return OTHER;
    }
    if (open === undefined) {
      if (!isPermitted(get, value)) this.#failValue(get, answer, value, get.expected);
    } else {
      this.#judgeOpen(get, answer, value, open);
    }
    if (get.expected.length === 1 && get.expected[0] === value) return AS_EXPECTED;
    return value === null ? ABSENT : {outcome: 'observed', observed: value};
  }

  #judgeOpen(get: Get, answer: Answered, value: Expected, open: OpenKey): void {
    const read = {line: get.line, permitted: get.expected, value};
    const isOutdated = this.#openKeys.isOutdated(get.key, open);
    const verdict = this.#openKeys.judge(get.key, open, read);
    if (verdict === 'look-up') this.suspects.push({get, answer, value, open});
    if (verdict !== 'contradicts') return;
    if (isOutdated) this.#failValue(get, answer, value, get.expected);
    else this.#failValue(get, answer, value, open.possible, open.settledAtLine);
  }

  #judgeScan(scan: Scan, answer: Answered): Judgement {
    const keys = readKeys(answer);
    if ('kind' in keys) {
      this.#failBadAnswer(scan, answer, keys);
      return OTHER;
    }
    const difference = compareKeys(scan.keys, keys, this.#openKeys);
    if (difference !== undefined) {
      this.#fail(scan, answer, {kind: 'keys', keys: difference});
    }
    const leavesNothingOpen = !scan.keys.some(({optional}) => optional);
    if (leavesNothingOpen && areEqual(scan.keys, keys)) return AS_EXPECTED;
    return {outcome: 'observed', observed: keys.join(',')};
  }

  #failBadAnswer(request: Request, answer: Answered, {kind, expected}: BadAnswer): void {
    this.#fail(request, answer, {kind, expected});
  }

  #failValue(
    get: Get,
    answer: Answered,
    value: Expected,
    permitted: readonly Expected[],
    settledAtLine?: number,
  ): void {
    const kind = settledAtLine === undefined ? 'value' : 'changed';
    this.#fail(get, answer, {kind, permitted: [...new Set(permitted)], value, settledAtLine});
  }

  #fail(
    request: Request,
    answer: Answered,
    what: Pick<ReplayFailure, 'kind'> & Partial<ReplayFailure>,
  ): void {
    this.failureCount++;
    if (this.failures.length >= this.#options.failuresKept) return;
    this.failures.push({
      request,
      expected: undefined,
      permitted: undefined,
      settledAtLine: undefined,
      keys: undefined,
      value: undefined,
      ...what,
      status: answer.status,
      body: answer.body.slice(0, BODY_KEPT_BYTES),
    });
  }
}
