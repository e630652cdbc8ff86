import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import type {Fault} from './fake-server.ts';
import {replaying} from './replaying.ts';

const setup = replaying();

/** Does `act` with the n-th PUT, GET or DELETE of this key (from 1); all else is answered. */
function onNth(method: string, key: string, nth: number, act: Fault): Fault {
  let seen = 0;
  return (request) => {
    if (request.method !== method || request.key !== key || ++seen !== nth) return false;
    return act(request);
  };
}

const fail: Fault = ({response}) => {
  response.statusCode = 503;
  response.end('busy');
  return true;
};

/** As `fail`, after having done what was asked. */
const failAfterwards: Fault = (request) => {
  const {response} = request;
  const end = response.end.bind(response);
  response.end = (() => {
    response.statusCode = 503;
    return end();
  }) as typeof response.end;
  request.respond();
  return true;
};

describe('a write answered with 5xx is a failure, and may have happened', () => {
  const LINES = 'PUT a 1\nPUT a 2\nGET a 2\nGET a 2\nPUT a 3\nGET a 3';

  test.each([
    ['it has not', fail],
    ['it has', failAfterwards],
  ])('%s: only the write is wrong', async (_, act) => {
    const result = await setup.replay(LINES, onNth('PUT', 'a', 2, act));
    expect(result.failures.map(({request, kind}) => [request.line, kind])).toEqual([[2, 'status']]);
  });

  test('once a read has decided, the next one must agree', async () => {
    const server = await setup.server();
    const flip = onNth('GET', 'a', 2, () => {
      server.values.set('a', '2');
      return false;
    });
    const refuse = onNth('PUT', 'a', 2, fail);
    server.fault = (request) => refuse(request) || flip(request);
    const result = await setup.replay(LINES, undefined, {server});
    expect(result.failures.map(({request, kind}) => [request.line, kind])).toEqual([
      [2, 'status'],
      [4, 'changed'],
    ]);
  });

  test('any other value is wrong', async () => {
    const server = await setup.server(onNth('PUT', 'a', 2, fail));
    const wrong = onNth('GET', 'a', 1, ({response}) => {
      response.end('9');
      return true;
    });
    const refuse = server.fault;
    server.fault = (request) => refuse(request) || wrong(request);
    const result = await setup.replay(LINES, undefined, {server});
    expect(result.failures[1]).toMatchObject({
      request: {line: 3},
      permitted: ['2', '1'],
      value: '9',
    });
  });

  test('a scan may or may not have the key', async () => {
    const lines = 'PUT a 1\nPUT b 1\nSCAN a c a,b';
    const result = await setup.replay(lines, onNth('PUT', 'b', 1, fail));
    expect(result.failures.map(({request}) => request.line)).toEqual([2]);
  });

  test('in a block, too', async () => {
    const lines = 'PUT a 1\nBARRIER\nPUT a 2\nPUT b 1\nBARRIER\nGET a 2\nBARRIER\nGET a 2';
    const result = await setup.replay(lines, onNth('PUT', 'a', 2, fail));
    expect(result.failures.map(({request}) => request.line)).toEqual([3]);
  });
});

describe('a server that fails ends the run', () => {
  const LINES = 'PUT a 1\nGET a 1\nGET b NOT_FOUND\nGET c NOT_FOUND';

  test('a hang', async () => {
    const result = await setup.replay(
      LINES,
      onNth('GET', 'b', 1, () => true),
    );
    expect(result).toMatchObject({end: 'server-failure', answered: 2, failureCount: 0, lost: 1});
    expect(result.breakdown).toMatchObject({
      failure: {kind: 'hang'},
      line: 3,
      request: {op: 'get', key: 'b'},
    });
  });

  test('a hang in a block says how many connections there are', async () => {
    const lines = 'GET a NOT_FOUND\nGET b NOT_FOUND\nBARRIER';
    const result = await setup.replay(lines, () => true, {concurrency: 4});
    expect(result.breakdown?.failure.details.join()).toMatch(
      /up to 4 connections are open at once/,
    );
  });

  test('a broken answer', async () => {
    const result = await setup.replay(
      LINES,
      onNth('GET', 'b', 1, ({request}) => {
        request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal');
        return true;
      }),
    );
    expect(result.breakdown).toMatchObject({failure: {kind: 'connection-closed'}, line: 3});
  });

  test('no HTTP', async () => {
    const result = await setup.replay(
      LINES,
      onNth('GET', 'b', 1, ({request}) => {
        request.socket.write('what?\n');
        return true;
      }),
    );
    expect(result.breakdown?.failure.details.join()).toContain('"what?\\n"');
  });

  test('an end by itself, with its last words', async () => {
    const server = await setup.server();
    server.fault = onNth('GET', 'b', 1, () => {
      server.crash('exit status 2');
      return true;
    });
    const result = await setup.replay(LINES, undefined, {server});
    expect(result.breakdown).toMatchObject({line: 3, failure: {kind: 'exited'}});
    expect(result.breakdown?.failure.message).toContain('exit status 2');
    expect(result.breakdown?.failure.details).toContain('panic: last words');
  });

  test('nothing there at all', async () => {
    const server = await setup.server();
    await server.close();
    const result = await setup.replay(LINES, undefined, {
      server: {address: server.address, control: undefined},
    });
    expect(result).toMatchObject({end: 'server-failure', answered: 0});
    expect(result.breakdown?.failure.kind).toBe('refused');
  });
});

describe('a connection that closes between two requests', () => {
  /** Closes without a word instead of answering, but only connections that were used before. */
  function closesStale(times: number): Fault {
    const used = new Set<unknown>();
    let closed = 0;
    return ({request}) => {
      if (used.has(request.socket) && closed < times) {
        closed++;
        request.socket.destroy();
        return true;
      }
      used.add(request.socket);
      return false;
    };
  }

  test('the request is sent again, once, and counted', async () => {
    const result = await setup.replay('PUT a 1\nPUT b 1\nGET a 1\nGET b 1', closesStale(2));
    expect(result).toMatchObject({
      end: 'complete',
      failureCount: 0,
      answered: 4,
      lost: 2,
      resent: 2,
      connectionsOpened: 3,
    });
  });

  test('in a block, too', async () => {
    const lines = 'PUT a 1\nPUT b 1\nBARRIER\nGET a 1\nGET b 1\nPUT c 1\nBARRIER\nGET c 1';
    const result = await setup.replay(lines, closesStale(2), {concurrency: 2});
    expect(result).toMatchObject({end: 'complete', failureCount: 0, answered: 6, resent: 2});
  });

  test('again and again is a failure that names the header', async () => {
    const result = await setup.replay('PUT a 1\n'.repeat(50), closesStale(Infinity));
    expect(result).toMatchObject({end: 'server-failure', resent: 10});
    expect(result.breakdown?.failure.message).toMatch(/closed 11 connections/);
    expect(result.breakdown?.failure.details.join()).toContain('Connection: close');
  });

  test('a fresh connection has no such excuse', async () => {
    const result = await setup.replay('GET a NOT_FOUND', ({request}) => {
      request.socket.destroy();
      return true;
    });
    expect(result).toMatchObject({end: 'server-failure', resent: 0});
  });
});

describe('lines that stop the server', () => {
  test('KILL and RESTART', async () => {
    const server = await setup.server();
    const lines = 'PUT a 1\nKILL\nGET a 1\nKILL\nGET a 1\nRESTART\nGET a 1\nPUT a 2\nGET a 2';
    const result = await setup.replay(lines, undefined, {server});
    expect(result).toMatchObject({
      end: 'complete',
      answered: 6,
      failureCount: 0,
      kills: 2,
      restarts: 1,
    });
    expect(server).toMatchObject({kills: 2, stops: 1, starts: 4});
    expect(result.downMs).toBeGreaterThan(0);
  });

  test('nothing is sent to a server that cannot be stopped', async () => {
    const server = await setup.server();
    const attached = {address: server.address, control: undefined};
    const run = setup.replay('PUT a 1\nKILL\nGET a 1', undefined, {server: attached});
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(
      /test\.txt: it kills or restarts the server .*nothing was sent/,
    );
    expect(server.requests).toBe(0);
  });

  test('a server that does not come up again', async () => {
    const server = await setup.server();
    server.start = async () => {
      const {ServerFailure} = await import('../../src/errors.ts');
      throw new ServerFailure('exited', 'exit status 1 before it was ready');
    };
    const result = await setup.replay('PUT a 1\nKILL\nGET a 1', undefined, {server});
    expect(result).toMatchObject({end: 'server-failure', answered: 1});
    expect(result.breakdown).toMatchObject({line: 2, request: undefined});
  });

  test('KILL AFTER in a sequential file: the n-th is in flight, the rest is never sent', async () => {
    const server = await setup.server(onNth('PUT', 'a', 2, () => true));
    const lines = `
      PUT a 1
      PUT a 2
      PUT b 3
      KILL AFTER 2
      GET a [1 2]
      GET a [1 2]
      GET b NOT_FOUND
    `;
    const result = await setup.replay(lines, undefined, {server});
    expect(result).toMatchObject({
      end: 'complete',
      failureCount: 0,
      answered: 4,
      lost: 1,
      skipped: 1,
      kills: 1,
    });
    expect(server.kills).toBe(1);
  });

  test('after it both reads must agree', async () => {
    const server = await setup.server(onNth('PUT', 'a', 2, () => true));
    const swallow = server.fault;
    const flip = onNth('GET', 'a', 2, () => {
      server.values.set('a', '2');
      return false;
    });
    server.fault = (request) => swallow(request) || flip(request);
    const lines = 'PUT a 1\nPUT a 2\nKILL AFTER 2\nGET a [1 2]\nGET a [1 2]';
    const result = await setup.replay(lines, undefined, {server});
    expect(result.failures).toHaveLength(1);
    expect(result.failures[0]).toMatchObject({kind: 'changed', request: {line: 5}});
  });

  test('KILL AFTER in a block: what was acknowledged must have survived', async () => {
    const puts = Array.from({length: 30}, (_, i) => `PUT k${i} new`).join('\n');
    const gets = Array.from({length: 30}, (_, i) => `GET k${i} [NOT_FOUND new]`).join('\n');
    const lines = `PUT x 1\nBARRIER\n${puts}\nKILL AFTER 20\n${gets}\n`;

    const good = await setup.server();
    const passed = await setup.replay(lines, undefined, {server: good, concurrency: 4});
    expect(passed).toMatchObject({end: 'complete', failureCount: 0, skipped: 10});
    expect(passed.answered + passed.lost + passed.skipped).toBe(61);

    const forgetful = await setup.server();
    forgetful.kill = async () => {
      forgetful.values.clear();
      await forgetful.close();
    };
    const failed = await setup.replay(lines, undefined, {server: forgetful, concurrency: 4});
    // At most 4 of the 20 were in flight; the rest had been acknowledged.
    expect(failed.failureCount).toBeGreaterThanOrEqual(16);
    expect(failed.failures[0]).toMatchObject({kind: 'value', permitted: ['new'], value: null});
  });

  test('a write that was lost before KILL AFTER is not lost twice', async () => {
    const server = await setup.server(({method, body}) => method === 'PUT' && body === '2');
    const lines = `
      PUT a 1
      PUT a 2
      KILL AFTER 2
      PUT b 1
      KILL
      GET a [1 2]
      PUT a 3
      GET a 3
    `;
    const result = await setup.replay(lines, undefined, {server});
    expect(result).toMatchObject({end: 'complete', failureCount: 0});
  });
});

test('a server that somebody else takes down and starts again is waited for', async () => {
  const server = await setup.server();
  let isTaken = false;
  server.fault = ({number}) => {
    if (number !== 20 || isTaken) return false;
    isTaken = true;
    server.isUp = false;
    setTimeout(() => void server.close().then(() => setTimeout(() => void server.start(), 50)), 20);
    return true;
  };
  const lines = Array.from({length: 40}, (_, i) => `PUT k${i} v`).join('\n');
  const result = await setup.replay(`${lines}\nGET k39 v`, undefined, {server});
  expect(result).toMatchObject({
    end: 'complete',
    failureCount: 0,
    answered: 40,
    lost: 1,
    resent: 0,
  });
});
