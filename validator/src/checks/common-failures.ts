/** Failures that any check may meet, whatever it is about. */
import type {ServerFailure} from '../errors.ts';
import type {Answered, HttpRequest, Lost} from '../http/exchange.ts';
import {byItself} from '../server/disk-guard.ts';
import {CheckFailure, type Failure, type LifeEntry} from './failure.ts';
import {showAnswer, showRequest} from './show-value.ts';

/** @param about what is known of the key of a DELETE */
export function refused(
  request: HttpRequest,
  answer: Answered,
  {mayBeAbsent, ...about}: {readonly mayBeAbsent: boolean} & Pick<Failure, 'key' | 'life'>,
): CheckFailure {
  return new CheckFailure({
    summary: `${request.method} was refused with ${answer.status}`,
    request: showRequest(request),
    expected: mayBeAbsent ? 'any 2xx, or 404' : 'any 2xx',
    got: showAnswer(answer),
    status: answer.status,
    ...about,
  });
}

/** @param exitReason how the server ended, if it has */
export function unanswered(
  request: HttpRequest,
  failure: ServerFailure,
  exitReason: string | undefined,
): CheckFailure {
  return new CheckFailure({
    summary:
      exitReason === undefined
        ? failure.message
        : `the server ${exitReason}${byItself(exitReason)}`,
    request: showRequest(request),
    expected: 'a complete answer',
    got: failure.message,
    details: failure.details,
    brokenDown: failure.kind,
  });
}

/** Kept-open connections that were found closed, too many times. */
export function closedWithoutNotice(times: number, lost: Lost): CheckFailure {
  return new CheckFailure({
    summary: `connections were closed without notice, ${times} times`,
    expected: 'kept-open connections, or "Connection: close" in the answer before',
    got: lost.failure.message,
    invariant: 'A server that closes a connection after an answer says so in that answer.',
  });
}

/** A server that was up before, and does not start any more. */
export function notStartedAgain(failure: ServerFailure, life: readonly LifeEntry[]): CheckFailure {
  return new CheckFailure({
    summary: failure.message,
    expected: 'a start on the data folder that it left behind',
    got: failure.message,
    life,
    details: failure.details,
    invariant: 'Whatever a stop or a crash leaves behind is no reason not to start.',
  });
}
