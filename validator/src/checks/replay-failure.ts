/** The failure card's data of a replay that went wrong. */
import {httpRequest} from '../replay/http-request.ts';
import type {ReplayBreakdown, ReplayFailure, ReplayResult} from '../replay/replay-result.ts';
import type {CheckContext} from './check.ts';
import {CheckFailure, type Failure} from './failure.ts';
import type {Fixture} from './fixture-file.ts';
import {replayLife} from './replay-life.ts';
import {quote, showAnswer, showPermitted, showRequest} from './show-value.ts';
import {answeredKeys, expectedKeys, firstWrongKey} from './wrong-keys.ts';

/** REQUIRES: there was a failure, or the server broke down. */
export async function replayFailure(
  context: CheckContext,
  fixture: Fixture,
  {failures, breakdown}: ReplayResult,
): Promise<CheckFailure> {
  const [first] = failures;
  const failure =
    first === undefined
      ? brokenDown(context, fixture, breakdown)
      : await wrongAnswer(context, fixture, first);
  const fixtureLine = first?.request.line ?? breakdown?.line;
  const line = fixtureLine === undefined ? {} : {fixtureLine};
  return new CheckFailure({...failure, fixture: fixture.whole, ...line});
}

async function wrongAnswer(
  {server, week}: CheckContext,
  {path, name}: Fixture,
  failure: ReplayFailure,
): Promise<Failure> {
  const {request, permitted, status, body} = failure;
  const {dialect} = server.open.client;
  const only = permitted?.length === 1 ? permitted[0] : undefined;
  const isComparable = typeof only === 'string' && status === 200 && failure.kind !== 'body';
  const key = keyOf(failure);
  return {
    summary: `${name}, line ${request.line}: ${summarize(failure)}`,
    request: showRequest(httpRequest(dialect, request)),
    expected: expected(failure),
    got: got(failure),
    status,
    ...(isComparable ? {difference: {expected: dialect.codec.encode(only), got: body}} : {}),
    ...(key === undefined ? {} : {key, life: await replayLife(path, key, request.line, week)}),
    invariant: 'Each answer is the one that the requests before it in the file lead to.',
  };
}

/** The key that it is about; of a scan the first wrong one, if its keys are wrong. */
export function keyOf({request, keys}: ReplayFailure): string | undefined {
  if (request.op !== 'scan') return request.key;
  return keys === undefined ? undefined : firstWrongKey(keys)?.key;
}

/** One clause: what is wrong. */
export function summarize({kind, status, value, permitted, keys}: ReplayFailure): string {
  switch (kind) {
    case 'status':
      return `answered ${status}`;
    case 'body':
      return 'the body is not of the right form';
    case 'value':
      if (value === null) return 'a written key was not found';
      return permitted?.every((each) => each === null)
        ? 'a key that should be absent was found'
        : 'a wrong value was read';
    case 'changed':
      return 'a read contradicts an earlier one, with no write between them';
    case 'keys':
    default:
      return (keys && firstWrongKey(keys)?.what) ?? 'a scan answered the wrong keys';
  }
}

/** What would have been right. */
export function expected(failure: ReplayFailure): string {
  const {expected: phrase, permitted, settledAtLine, keys} = failure;
  const wanted = expectedKeys(failure);
  if (wanted !== undefined) {
    const parts = [
      wanted,
      ...(keys?.missing.length ? [`missing: ${quote(keys.missing.join(' '))}`] : []),
      ...(keys?.unexpected.length ? [`too many: ${quote(keys.unexpected.join(' '))}`] : []),
    ];
    return parts.join('; ');
  }
  const values = permitted === undefined ? (phrase ?? '') : showPermitted(permitted);
  return settledAtLine === undefined ? values : `${values}, as read at line ${settledAtLine}`;
}

/** What came. */
export function got(failure: ReplayFailure): string {
  const {status, body} = failure;
  return answeredKeys(failure) ?? showAnswer({kind: 'answered', status, body});
}

/** Nothing about the key: what broke down is the transport, whatever was asked for. */
function brokenDown(
  {server}: CheckContext,
  {name}: Fixture,
  breakdown: ReplayBreakdown | undefined,
): Failure {
  if (breakdown === undefined) throw new Error('the replay did not fail');
  const {failure, line, request} = breakdown;
  const {dialect} = server.open.client;
  return {
    summary: `${name}, line ${line}: ${failure.message}`,
    ...(request === undefined ? {} : {request: showRequest(httpRequest(dialect, request))}),
    expected: request === undefined ? 'the server comes up again' : 'a complete answer',
    got: failure.message,
    details: failure.details,
    ...(request === undefined ? {} : {brokenDown: failure.kind}),
  };
}
