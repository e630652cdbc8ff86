/** Whether what concurrent clients have seen can have come about in any order. */
import {checkHistory, type HistoryVerdict} from '../linearizability/check-history.ts';
import {explain} from '../linearizability/explain.ts';
import type {History} from '../linearizability/operation.ts';
import {registerModel} from '../linearizability/register-model.ts';
import {CheckFailure, Inconclusive} from './failure.ts';

const INVARIANT =
  'Requests can be put in one order, each at one moment between its sending and its answer, that explains every answer.';

/**
 * @throws CheckFailure with a timeline if not
 * @throws Inconclusive if that would take too long to find out
 */
export function judgeHistory(history: History): HistoryVerdict {
  const result = checkHistory(history, {model: registerModel});
  const explanation = explain(result);
  if (explanation !== undefined) {
    const {summary, key, lines} = explanation;
    throw new CheckFailure({
      summary,
      ...(key === undefined ? {} : {key}),
      details: lines,
      invariant: INVARIANT,
    });
  }
  if (result.verdict === 'undecided') {
    const [key = ''] = result.undecidedKeys;
    throw new Inconclusive(
      `too many orders are possible for the requests to ${key}: another --seed may give a verdict`,
    );
  }
  return result;
}
