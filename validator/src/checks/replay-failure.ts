/** The failure card's data of a replay that went wrong. */
import {join} from 'node:path';
import {httpRequest} from '../replay/http-request.ts';
import type {ReplayBreakdown, ReplayFailure, ReplayResult} from '../replay/replay-result.ts';
import type {CheckContext} from './check.ts';
import {CheckFailure, type Failure} from './failure.ts';
import type {Fixture} from './fixture-file.ts';
import {replayLife} from './replay-life.ts';
import {quote, showAnswer, showPermitted, showRequest} from './show-value.ts';

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
  const file = join(context.environment.fixturesDir, fixture.name);
  const fixtureLine = first?.request.line ?? breakdown?.line;
  const line = fixtureLine === undefined ? {} : {fixtureLine};
  return new CheckFailure({...failure, fixture: file, ...line});
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
  const key = request.op === 'scan' ? undefined : request.key;
  return {
    summary: `${name}, line ${request.line}: ${summarize(failure)}`,
    request: showRequest(httpRequest(dialect, request)),
    expected: expected(failure),
    got: showAnswer({kind: 'answered', status, body}),
    status,
    ...(isComparable ? {difference: {expected: dialect.codec.encode(only), got: body}} : {}),
    ...(key === undefined ? {} : {key, life: await replayLife(path, key, request.line, week)}),
    invariant: 'Each answer is the one that the requests before it in the file lead to.',
  };
}

/** One clause: what is wrong. */
export function summarize({kind, status, value, permitted}: ReplayFailure): string {
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
      return 'a scan answered the wrong keys';
  }
}

/** What would have been right. */
export function expected({
  kind,
  expected: phrase,
  permitted,
  settledAtLine,
  request,
  keys,
}: ReplayFailure) {
  if (kind === 'keys' && request.op === 'scan') {
    const parts = [
      `200 with ${quote(request.keys.map(({key}) => key).join(' '))}`,
      ...(keys?.missing.length ? [`missing: ${quote(keys.missing.join(' '))}`] : []),
      ...(keys?.unexpected.length ? [`too many: ${quote(keys.unexpected.join(' '))}`] : []),
    ];
    return parts.join('; ');
  }
  const values = permitted === undefined ? (phrase ?? '') : showPermitted(permitted);
  return settledAtLine === undefined ? values : `${values}, as read at line ${settledAtLine}`;
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
