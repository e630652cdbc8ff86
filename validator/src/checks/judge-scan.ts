/** Whether the answer to a SCAN is one that the ledger permits; if not, what is wrong with it. */
import type {Scan, ScanKey} from '@kv-workshop/fixtures/instruction';
import type {Answered, HttpRequest} from '../http/exchange.ts';
import {readKeys} from '../replay/answers.ts';
import {CheckFailure} from './failure.ts';
import type {Ledger} from './ledger.ts';
import {showAnswer, showRequest} from './show-value.ts';
import {placeOf, showKeys} from './wrong-keys.ts';

export interface Scanned {
  /** Included. */
  readonly start: string;
  /** Excluded. */
  readonly end: string;
  readonly request: HttpRequest;
  readonly answer: Answered;
  readonly ledger: Ledger;
}

const INVARIANT =
  'A SCAN answers the keys that are present from start up to, but not including, end: ascending, each once.';

/** @returns the keys of the answer. @throws CheckFailure unless they are the right ones */
export function permittedScan(scanned: Scanned): readonly string[] {
  const {request, answer, ledger} = scanned;
  const expected = ledger.present(scanned.start, scanned.end);
  const got = readKeys(answer);
  if ('kind' in got) {
    const {kind} = got;
    throw new CheckFailure({
      summary:
        kind === 'status' ? `SCAN answered ${answer.status}` : 'the body of a SCAN is not a list',
      request: showRequest(request),
      expected: got.expected,
      got: showAnswer(answer),
      status: answer.status,
      invariant: INVARIANT,
      read: readOf(scanned),
    });
  }
  const fault = firstDisorder(got) ?? firstDifference(scanned, expected, got);
  if (fault === undefined) return got;
  const {key, summary, index} = fault;
  throw new CheckFailure({
    summary,
    request: showRequest(request),
    expected: showKeys(
      expected.map(showKey),
      placeOf(
        key,
        expected.map((each) => each.key),
      ),
    ),
    got: showKeys(got, index),
    key,
    life: ledger.life(key),
    invariant: INVARIANT,
    read: readOf(scanned),
  });
}

function readOf({start, end}: Scanned): Scan {
  return {op: 'scan', line: 0, start, end, keys: []};
}

interface Fault {
  readonly key: string;
  readonly summary: string;
  /** Where in the answer it is, or should be. */
  readonly index: number;
}

function firstDisorder(got: readonly string[]): Fault | undefined {
  const index = got.findIndex((key, at) => at > 0 && key <= (got[at - 1] ?? ''));
  const [before, key] = [got[index - 1], got[index]];
  if (key === undefined) return undefined;
  const summary =
    key === before ? `the scan answered ${key} twice` : `the scan answered ${key} after ${before}`;
  return {key, summary, index};
}

/** REQUIRES: `got` ascends. */
function firstDifference(
  {start, end, ledger}: Scanned,
  expected: readonly ScanKey[],
  got: readonly string[],
): Fault | undefined {
  const known = new Set(expected.map(({key}) => key));
  const answered = new Set(got);
  const missing = expected.find(({key, optional}) => !optional && !answered.has(key))?.key;
  const unexpected = got.find((key) => !known.has(key));
  if (missing !== undefined && (unexpected === undefined || missing < unexpected)) {
    const index = got.findIndex((key) => key > missing);
    const summary = `the scan left out ${missing}`;
    return {key: missing, summary, index: index === -1 ? got.length : index};
  }
  if (unexpected === undefined) return undefined;
  const summary = `the scan answered ${unexpected}, ${whyNot(unexpected, start, end, ledger)}`;
  return {key: unexpected, summary, index: got.indexOf(unexpected)};
}

function whyNot(key: string, start: string, end: string, ledger: Ledger): string {
  if (key === end) return 'the end of the range, which does not belong to it';
  if (key < start || key > end) return 'which is not in the range';
  if (!ledger.has(key)) return 'which was never written';
  return ledger.isDeleted(key) ? 'which is deleted' : 'which is absent';
}

/** As in a fixture: a key that may be absent has a question mark. */
function showKey({key, optional}: ScanKey): string {
  return optional ? `${key}?` : key;
}
