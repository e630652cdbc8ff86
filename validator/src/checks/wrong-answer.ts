/** Describes an answer to a GET that the ledger does not permit. */
import type {BodyCodec} from '../http/body-codec.ts';
import type {Answered, HttpRequest} from '../http/exchange.ts';
import {CheckFailure} from './failure.ts';
import type {Ledger} from './ledger.ts';
import {showAnswer, showPermitted, showRequest} from './show-value.ts';
import {DELETES_FROM_WEEK} from './week-rules.ts';

export interface WrongAnswer {
  readonly key: string;
  readonly request: HttpRequest;
  readonly answer: Answered;
  readonly codec: BodyCodec;
  readonly ledger: Ledger;
  readonly week: number;
  /** Stops and crashes so far. */
  readonly stops: number;
}

export function wrongAnswer(wrong: WrongAnswer): CheckFailure {
  const {key, request, answer, codec, ledger} = wrong;
  const permitted = ledger.permitted(key);
  const [only] = permitted;
  const isComparable = permitted.length === 1 && typeof only === 'string' && answer.status === 200;
  return new CheckFailure({
    summary: summarize(wrong),
    request: showRequest(request),
    expected: showPermitted(permitted),
    got: showAnswer(answer),
    status: answer.status,
    ...(isComparable ? {difference: {expected: codec.encode(only), got: answer.body}} : {}),
    key,
    life: ledger.life(key),
    invariant: invariant(wrong),
    read: {op: 'get', line: 0, key, expected: []},
  });
}

function summarize({key, answer, codec, ledger, stops}: WrongAnswer): string {
  const {status, body} = answer;
  if (status !== 200 && status !== 404) return `GET answered ${status}`;
  const isFound = status === 200;
  if (isFound && codec.decode(body) === undefined) return `the body of a GET is not ${codec.form}`;
  if (!ledger.has(key)) return `${key} was never written, and was found`;
  if (isFound && ledger.isDeleted(key)) return `${key} was deleted, and was found`;
  if (isFound) return `a wrong value of ${key} was read`;
  return stops > 0 ? `the value of ${key} was lost` : `${key} was written, and not found`;
}

function invariant({week, ledger, stops}: WrongAnswer): string {
  if (stops === 0 && week >= DELETES_FROM_WEEK) {
    return 'A GET answers the value of the last acknowledged PUT of its key; a key that was never written, or was deleted since, is absent.';
  }
  if (stops === 0) {
    return 'A GET answers the value of the last acknowledged PUT of its key; a key that was never written is absent.';
  }
  if (ledger.isDurable) return 'What was acknowledged survives every stop and every crash.';
  return 'What was flushed survives a stop: only what was still in the memtable may be lost.';
}
