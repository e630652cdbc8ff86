import {expect, test} from 'vitest';
import {ConnectGate} from '../../src/http/connect-gate.ts';
import {HttpClient} from '../../src/http/http-client.ts';
import {answer, RawServer} from './raw-server.ts';

test('four at a time, in the order of their coming', () => {
  const gate = new ConnectGate();
  const letIn: number[] = [];
  for (let i = 0; i < 7; i++) gate.enter(() => letIn.push(i));
  expect(letIn).toEqual([0, 1, 2, 3]);
  gate.leave();
  gate.leave();
  expect(letIn).toEqual([0, 1, 2, 3, 4, 5]);
  for (let i = 0; i < 5; i++) gate.leave();
  gate.enter(() => letIn.push(7));
  expect(letIn).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('connections that were given up while they waited take no place', async () => {
  let isSilent = true;
  const server = await RawServer.start((socket) => {
    if (!isSilent) socket.write(answer(200, 'v'));
  });
  const client = new HttpClient({server});
  const connections = Array.from({length: 12}, () => client.connect());
  const get = () =>
    Promise.all(connections.map((each) => each.exchange({method: 'GET', path: '/a'})));
  for (let round = 0; round < 3; round++) {
    const lost = get();
    for (const each of connections) each.close();
    for (const outcome of await lost) expect(outcome.kind).toBe('lost');
  }
  isSilent = false;
  for (const outcome of await get()) expect(outcome).toMatchObject({kind: 'answered', body: 'v'});
  for (const each of connections) each.close();
  await server.close();
});
