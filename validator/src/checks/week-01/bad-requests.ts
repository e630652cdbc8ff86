import {type Check, type CheckContext, WEEK_LAST} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {Keys} from '../keys.ts';
import {showReply} from '../show-value.ts';
import type {Reply, Request} from '../transport.ts';

interface BadRequest {
  readonly what: string;
  readonly request: Request;
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
  cost: {requests: 30, writes: 3, restarts: 0},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    await server.putAll(keys.entries(3));
    const tooLong = random.letters(week < 6 ? 128 * 1024 : 65);
    for (const bad of badRequestsFor(keys, tooLong)) {
      await sendBad(context, bad);
      await server.expectAll(server.ledger.keys());
    }
  },
};

function badRequestsFor(keys: Keys, tooLong: string): BadRequest[] {
  const key = keys.key();
  return [
    {what: 'an unknown path', request: {method: 'GET', key, path: `/${key}/x/${key}`}},
    {what: 'a key with a dot', request: {method: 'GET', key: `${key}.${key}`}},
    {what: 'a key with a space', request: {method: 'PUT', key: `${key} ${key}`, value: 'v'}},
    {what: 'an upper-case key', request: {method: 'PUT', key: key.toUpperCase(), value: 'v'}},
    {what: 'a key with broken %-encoding', request: {method: 'GET', key, path: `/${key}%`}},
    {what: 'a key of 65 letters', request: {method: 'PUT', key: 'k'.repeat(65), value: 'v'}},
    {what: 'POST', request: {method: 'POST', key, value: 'v'}},
    {what: 'a value that is too long', request: {method: 'PUT', key, value: tooLong}},
  ];
}

async function sendBad({server, note}: CheckContext, {what, request}: BadRequest): Promise<void> {
  const reply = await server.sendBad(request);
  if (reply === undefined) {
    note(`${what}: the connection was closed without an answer`);
    return;
  }
  if (reply.status >= 500 && reply.status !== 501) throw answeredServerError(what, request, reply);
  if (reply.status >= 200 && reply.status < 300) note(`${what} was answered with ${reply.status}`);
}

function answeredServerError(what: string, request: Request, reply: Reply): CheckFailure {
  return new CheckFailure({
    summary: `${what} was answered with ${reply.status}`,
    request: `${request.method} ${request.path ?? `(key ${request.key})`}`,
    expected: 'any 4xx',
    got: showReply(reply),
    invariant:
      'A bad request is the fault of its sender: 4xx says so, 5xx says that the server failed.',
  });
}
