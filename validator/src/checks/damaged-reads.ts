/** Starts and reads of a server whose files a check has damaged. */

import {ServerFailure} from '../errors.ts';
import {inAnyOrder} from './any-order.ts';
import type {CheckContext} from './check.ts';
import {CheckFailure} from './failure.ts';
import type {ServerUnderTest} from './server-under-test.ts';
import {showPermitted} from './show-value.ts';
import {wrongAnswer} from './wrong-answer.ts';

/**
 * Starts a server on damaged files.
 * @returns false if it refuses to, which is one way to be safe
 * @throws ServerFailure if it hangs, or cannot be spoken to
 */
export async function startsDamaged({server, note}: CheckContext): Promise<boolean> {
  try {
    await server.control.start();
    return true;
  } catch (error) {
    if (!(error instanceof ServerFailure) || error.kind !== 'exited') throw error;
    const [last] = server.lastOutput(1);
    note(`does not start on a damaged file${last === undefined ? '' : `: ${last}`}`);
    return false;
  }
}

/** What a read of damaged files may be answered with, besides the right value. */
export interface Excuse {
  /** 404. */
  readonly miss: boolean;
  /** 5xx. */
  readonly error: boolean;
  /** What is broken by all else. @default the rule for damaged SSTables */
  readonly rule?: string;
}

export type Reading = 'right' | 'miss' | 'error';

/**
 * Reads a key whose value, or absence, is known.
 * @throws CheckFailure if it is answered with neither what is right nor an excuse
 */
export async function readDamaged(
  {server, week}: Pick<CheckContext, 'server' | 'week'>,
  key: string,
  excuse: Excuse,
): Promise<Reading> {
  const request = server.dialect.get(key);
  const answer = await server.send(request);
  const {ledger, dialect} = server;
  if (answer.status >= 500 && answer.status <= 599 && excuse.error) return 'error';
  const permitted = ledger.permitted(key);
  const value = answer.status === 404 ? null : dialect.codec.decode(answer.body);
  const isValue = answer.status === 200 || answer.status === 404;
  if (isValue && value !== undefined && permitted.includes(value)) return 'right';
  if (answer.status === 404 && excuse.miss) return 'miss';
  const history = {week, stops: 1};
  const {failure} = wrongAnswer({key, request, answer, codec: dialect.codec, ledger, ...history});
  const isMiss = excuse.miss && !permitted.includes(null);
  const excuses = [...(isMiss ? ['404'] : []), ...(excuse.error ? ['5xx'] : [])];
  throw new CheckFailure({
    ...failure,
    expected: [showPermitted(permitted), ...excuses].join(' or '),
    invariant: excuse.rule ?? DAMAGE_RULE,
  });
}

const DAMAGE_RULE =
  'What is damaged is answered with an error or not found, never with a wrong value; all else is as it was.';

/** Reads several keys. @returns how many were answered how */
export async function readAllDamaged(
  context: {readonly server: ServerUnderTest; readonly week: number},
  keys: Iterable<string>,
  excuse: Excuse,
): Promise<Record<Reading, number>> {
  const counts = {right: 0, miss: 0, error: 0};
  await inAnyOrder(context.server, [...keys], async (key) => {
    const reading = await readDamaged(context, key, excuse);
    counts[reading] += 1;
  });
  return counts;
}
