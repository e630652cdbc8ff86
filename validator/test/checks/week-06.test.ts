import {afterEach, describe, expect, it} from 'vitest';
import {valueLimits} from '../../src/checks/week-06/value-limits.ts';
import {IDLE_CONTROL, openServer, run} from '../grade/plan.ts';
import {type Bends, type MapServer, startMapServer} from '../servers/map-server.ts';

const servers: MapServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function result(bends: Bends) {
  const server = await startMapServer(bends);
  servers.push(server);
  const source = {
    unavailable: () => undefined,
    open: () => openServer({...server, control: IDLE_CONTROL}),
  };
  const [only] = await run([valueLimits], {week: 6, source});
  if (only === undefined) throw new Error('it did not run');
  return only;
}

const takes = (value: string): boolean => value.length >= 1 && value.length <= 64;

describe('value-limits', () => {
  it.each([400, 413, 422])('passes a server that refuses with %d', async (status) => {
    const {state, notes} = await result({takes, bad: () => ({status, body: 'no'})});
    expect(state).toBe('pass');
    expect(notes).toEqual([]);
  });

  it('passes a server that takes longer values, and empty ones, and keeps them', async () => {
    const {state, notes} = await result({});
    expect(state).toBe('pass');
    expect(notes).toEqual(['takes values of 65, 66, 127, 128, 129, 4096, 65536, 0 bytes']);
  });

  it.each<[string, Bends, RegExp]>([
    ['refuses 64 bytes', {takes: (value) => value.length < 64}, /^PUT was refused with 400$/],
    ['refuses 1 byte', {takes: (value) => value.length > 1}, /^PUT was refused with 400$/],
    [
      'cuts at 63 bytes',
      {takes, stored: (value) => value.slice(0, 63)},
      /^a wrong value of [a-z]+ was read$/,
    ],
    [
      'takes longer values, and cuts them',
      {stored: (value) => value.slice(0, 64)},
      /^a wrong value of [a-z]+ was read$/,
    ],
    [
      'answers a long value with 500',
      {takes, bad: () => ({status: 500, body: 'oops'})},
      /^a value of 65 bytes was answered with 500$/,
    ],
    [
      'takes spaces for padding',
      {takes, stored: (value) => value.trimEnd()},
      /^a wrong value of [a-z]+ was read$/,
    ],
    [
      'takes an empty value for none',
      {got: (value) => (value ? {status: 200, body: value} : {status: 404, body: ''})},
      /was written, and not found$/,
    ],
  ])('fails a server that %s', async (_, bends, summary) => {
    const {state, failure} = await result(bends);
    expect(state).toBe('fail');
    expect(failure?.summary).toMatch(summary);
  });
});
