import type {Answered, HttpRequest} from '../../http/exchange.ts';
import type {Check, CheckContext} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {Keys, letters} from '../keys.ts';
import type {ServerUnderTest} from '../server-under-test.ts';
import {showAnswer, showRequest} from '../show-value.ts';
import {WEEK_LAST, WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

interface BadRequest {
  readonly what: string;
  readonly request: HttpRequest;
}

export const badRequests: Check = {
  id: 'bad-requests',
  title: 'Bad requests do no harm',
  weekFirst: 1,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A request that is not valid is answered, with 4xx at best; it ends neither the server nor another key.',
  hints: {
    look: 'what your server does with a path, a method or a body that it does not know',
    cause: 'an exception that nobody catches: it becomes a 500, a hang, or the end of the process',
    chapter: 'docs/contract.md#bad-requests',
  },
  cost: {requests: 35, writes: 3, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    await server.putAll(keys.entries(3));
    const tooLong = letters(random, week <= WEEK_LAST_OF_LONG_VALUES ? 128 * 1024 : 65);
    for (const bad of badRequestsTo(server, keys, tooLong)) {
      await sendBad(context, bad);
      await server.expectAll(server.ledger.keys());
    }
  },
};

function badRequestsTo({dialect}: ServerUnderTest, keys: Keys, tooLong: string): BadRequest[] {
  const key = keys.key();
  const {path} = dialect.get(key);
  return [
    {what: 'an unknown path', request: {method: 'GET', path: `/x/${key}${path}/x`}},
    {what: 'a key with a dot', request: dialect.get(`${key}.${key}`)},
    {what: 'a key with a space', request: dialect.put(`${key} ${key}`, 'v')},
    {what: 'an upper-case key', request: dialect.put(key.toUpperCase(), 'v')},
    {what: 'a key with broken %-encoding', request: {method: 'GET', path: `${path}%`}},
    {what: 'a key of 65 letters', request: dialect.put('k'.repeat(65), 'v')},
    {what: 'POST', request: {...dialect.put(key, 'v'), method: 'POST'}},
    {what: 'a method that nobody knows', request: {method: 'BREW', path}},
    {what: 'a value that is too long', request: dialect.put(key, tooLong)},
  ];
}

/** On a connection of its own: the server may close it, and may be able to serve only one. */
async function sendBad({server, note}: CheckContext, {what, request}: BadRequest): Promise<void> {
  server.disconnect();
  const outcome = await server.exchange(server.connect(), request);
  if (outcome.kind === 'lost') {
    const failure = await server.diagnosed(request, outcome.failure);
    if (outcome.failure.kind !== 'connection-closed' || !server.isAlive) throw failure;
    note(`${what}: the connection was closed without an answer`);
  } else if (outcome.status >= 500 && outcome.status !== 501) {
    throw answeredServerError(what, request, outcome);
  } else if (outcome.status < 300) {
    note(`${what}: answered with ${outcome.status}`);
  }
  server.disconnect();
}

function answeredServerError(what: string, request: HttpRequest, answer: Answered): CheckFailure {
  return new CheckFailure({
    summary: `${what} was answered with ${answer.status}`,
    request: showRequest(request),
    expected: 'any 4xx',
    got: showAnswer(answer),
    invariant: '4xx says that the request was wrong; 5xx says that the server has failed.',
  });
}
