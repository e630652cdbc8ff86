import {afterEach, describe, expect, it} from 'vitest';
import {checksOf} from '../../src/checks/catalogue.ts';
import {openServer, run} from '../grade/plan.ts';
import {CrashingServer, type Habits} from '../servers/crashing-server.ts';

const servers: CrashingServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
});

/** Runs one check of week 5 on a server without SSTables. */
async function result(id: string, habits?: Habits) {
  const server = new CrashingServer(habits);
  servers.push(server);
  const check = checksOf(5).filter((each) => each.id === id);
  const source = {unavailable: () => undefined, open: () => openServer(server)};
  const [only] = await run(check, {week: 5, source});
  if (only === undefined) throw new Error(`there is no check ${id}`);
  return only;
}

const objects = (keys: readonly string[]) => JSON.stringify(keys.map((key) => ({key, value: 'x'})));

describe.each<[string, string, Habits]>([
  ['delete-basics', 'does what the reference does', {}],
  ['delete-basics', 'answers DELETE with 204', {deleted: () => 204}],
  [
    'delete-basics',
    'answers DELETE of an absent key with 404',
    {deleted: (was) => (was ? 200 : 404)},
  ],
  ['kill-keeps-deletes', 'writes before it answers', {}],
  ['scan-basics', 'does what the reference does', {}],
  ['scan-basics', 'answers objects', {scanned: (keys) => ({body: objects(keys)})}],
  ['scan-basics', 'answers one key a line', {scanned: (keys) => ({body: keys.join('\n')})}],
  [
    'scan-basics',
    'answers an empty range with 204',
    {
      scanned: (keys) =>
        keys.length === 0 ? {status: 204, body: ''} : {body: JSON.stringify(keys)},
    },
  ],
])('%s', (id, what, habits) => {
  it(`passes a server that ${what}`, async () => {
    expect(await result(id, habits)).toMatchObject({state: 'pass'});
  });
});

describe.each<[string, string, Habits]>([
  ['delete-basics', 'answers deleted keys with nothing', {absent: {status: 200, body: ''}}],
  ['delete-basics', 'answers absent keys with 410', {absent: {status: 410, body: ''}}],
  ['delete-basics', 'answers DELETE with 500', {deleted: () => 500}],
  ['delete-basics', 'answers each DELETE with 404', {deleted: () => 404}],
  ['kill-keeps-deletes', 'answers before it writes', {buffered: 7}],
  ['kill-keeps-deletes', 'finds deleted keys again', forgetsDeletes()],
  [
    'scan-basics',
    'includes the end',
    {scanned: (keys, end) => ({body: JSON.stringify([...keys, end])})},
  ],
  [
    'scan-basics',
    'answers an empty range with 404',
    {
      scanned: (keys) =>
        keys.length === 0 ? {status: 404, body: ''} : {body: JSON.stringify(keys)},
    },
  ],
  [
    'scan-basics',
    'answers in another order',
    {scanned: (keys) => ({body: JSON.stringify(keys.toReversed())})},
  ],
  [
    'scan-basics',
    'answers keys twice',
    {scanned: (keys) => ({body: JSON.stringify([...keys, ...keys].sort())})},
  ],
])('%s', (id, what, habits) => {
  it(`fails a server that ${what}`, async () => {
    const {state, failure} = await result(id, habits);
    expect(state).toBe('fail');
    expect(failure?.request).toMatch(/^(GET|DELETE) \//);
  });
});

/** Each start finds all that any start before has found. */
function forgetsDeletes(): Habits {
  const ever = new Map<string, string>();
  return {
    recover(disk) {
      for (const [key, value] of disk) ever.set(key, value);
      return new Map(ever);
    },
  };
}
