/** What a server answered to one line, without what the contract leaves open. */
import type {Expected, Request} from '@kv-workshop/fixtures/instruction';
import type {HistoryEntry} from '../history/history-reader.ts';
import type {ReplayFailure} from '../replay/replay-result.ts';

export type LineAnswer =
  /** A write, answered as the contract permits. */
  | {readonly kind: 'acknowledged'; readonly status: number}
  /** A GET; null for 404. */
  | {readonly kind: 'value'; readonly value: Expected}
  | {readonly kind: 'keys'; readonly keys: readonly string[]}
  /** A status or a body that the contract does not permit here. */
  | {readonly kind: 'bad'; readonly status: number; readonly body: string};

/**
 * Undefined if there was no answer.
 * @param failures those of the replay: they have the bodies of bad answers
 */
export function lineAnswer(
  {request, record}: HistoryEntry,
  failures: readonly ReplayFailure[],
): LineAnswer | undefined {
  const {outcome, status, observed} = record;
  if (outcome === 'lost' || outcome === 'not-sent') return undefined;
  if (outcome === 'other') {
    const failure = failures.find((each) => each.request.line === request.line);
    return {kind: 'bad', status, body: failure?.body ?? ''};
  }
  switch (request.op) {
    case 'get':
      if (outcome === 'absent') return {kind: 'value', value: null};
      return {kind: 'value', value: observed ?? request.expected[0] ?? null};
    case 'scan':
      if (observed === undefined) return {kind: 'keys', keys: request.keys.map(({key}) => key)};
      return {kind: 'keys', keys: observed === '' ? [] : observed.split(',')};
    case 'put':
    case 'delete':
    default:
      return {kind: 'acknowledged', status};
  }
}

export type Agreement =
  | 'same'
  /** The line permits both: writes in parallel, or one whose answer was lost. */
  | 'both-permitted'
  | 'different';

export function compareAnswers(request: Request, a: LineAnswer, b: LineAnswer): Agreement {
  if (a.kind === 'value' && b.kind === 'value' && request.op === 'get') {
    if (a.value === b.value) return 'same';
    const {expected} = request;
    return expected.includes(a.value) && expected.includes(b.value)
      ? 'both-permitted'
      : 'different';
  }
  if (a.kind === 'keys' && b.kind === 'keys' && request.op === 'scan') {
    if (a.keys.join() === b.keys.join()) return 'same';
    const optional = new Set(request.keys.filter((key) => key.optional).map(({key}) => key));
    const certain = ({keys}: {readonly keys: readonly string[]}) =>
      keys.filter((key) => !optional.has(key)).join();
    return certain(a) === certain(b) ? 'both-permitted' : 'different';
  }
  if (a.kind === 'bad' && b.kind === 'bad') return a.status === b.status ? 'same' : 'different';
  return a.kind === b.kind ? 'same' : 'different';
}
