import {expect, it} from 'vitest';
import {mapStore, putGetStore} from './map-store.ts';
import {requestText, TestServer} from './test-server.ts';

/** Longer than any test may take: whatever needs it to pass, fails. */
const NO_CUT_MS = 1_000_000;

it('a close does not wait for connections without a request', async () => {
  const server = await TestServer.start(mapStore());
  const idle = await server.connect();
  idle.send(requestText('GET', '/k'));
  await idle.readResponse();
  const unused = await server.connect();
  // The server has accepted both: the second is behind the first in its queue.
  await server.ask('GET', '/k');
  await server.http.close(NO_CUT_MS);
  expect(await idle.readToEnd()).toBe('');
  expect(await unused.readToEnd()).toBe('');
});

it('a close waits for the answers that are due, which say that the connection ends', async () => {
  let answerGet = (_value: string): void => {};
  const value = new Promise<string>((resolve) => {
    answerGet = resolve;
  });
  const server = await TestServer.start({...putGetStore(), get: () => value});
  const getting = await server.connect();
  getting.send(requestText('GET', '/k'));
  const putting = await server.connect();
  putting.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
  await server.ask('PUT', '/seen', 'v');

  const closed = server.http.close(NO_CUT_MS);
  answerGet('v');
  putting.send('lf');
  for (const [client, body] of [
    [getting, 'v'],
    [putting, 'half'],
  ] as const) {
    const answer = await client.readResponse();
    expect(answer).toMatchObject({status: 200, body});
    expect(answer.headers.get('connection')).toBe('close');
    expect(await client.readToEnd()).toBe('');
  }
  await closed;
});

it('a close waits for a scan that is being sent', async () => {
  const keys = Array.from({length: 40_000}, (_, index) => `${index}`.padStart(48, 'k'));
  let goOn = (): void => {};
  const waiting = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const server = await TestServer.start({
    ...mapStore(),
    async *scan() {
      yield* keys;
      await waiting;
      yield 'last';
    },
  });
  const client = await server.connect();
  client.send(requestText('GET', '/scan?start=a&end=z'));
  const answer = client.readResponse();
  await client.firstBytes();
  const closed = server.http.close(NO_CUT_MS);
  goOn();
  expect(JSON.parse((await answer).body)).toEqual([...keys, 'last']);
  await closed;
});

it('a request of which a close has seen only the beginning is answered', async () => {
  const server = await TestServer.start(mapStore(new Map([['k', 'v']])));
  const client = await server.connect();
  client.send('GET /k HT');
  await server.ask('GET', '/k');
  const closed = server.http.close(NO_CUT_MS);
  client.send('TP/1.1\n\n');
  const answer = await client.readResponse();
  expect(answer).toMatchObject({status: 200, body: 'v'});
  expect(answer.headers.get('connection')).toBe('close');
  await closed;
});

it('a close cuts what takes longer than its grace', async () => {
  const server = await TestServer.start(mapStore());
  const client = await server.connect();
  client.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
  await server.ask('GET', '/k');
  await server.http.close(10);
  expect(await client.readToEnd()).toBe('');
});
