import type {IncomingMessage} from 'node:http';
import {afterEach, describe, expect, it} from 'vitest';
import {checksOf} from '../../src/checks/catalogue.ts';
import {IDLE_CONTROL, openServer, run} from '../grade/plan.ts';
import {type Bends, type MapServer, startMapServer} from '../servers/map-server.ts';

const servers: MapServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** Runs one check on a server that a test has bent. */
async function result(id: string, bends: Bends = {}) {
  const server = await startMapServer(bends);
  servers.push(server);
  const check = checksOf(1).filter((each) => each.id === id);
  const source = {
    unavailable: () => undefined,
    open: () => openServer({...server, control: IDLE_CONTROL}),
  };
  const [only] = await run(check, {source});
  if (only === undefined) throw new Error(`there is no check ${id}`);
  return only;
}

const CHECKS = [
  'contract-basics',
  'values-verbatim',
  'keys-distinct',
  'value-empty',
  'value-long',
  'bad-requests',
];

describe.each(CHECKS)('%s', (id) => {
  it('passes a good server', async () => {
    expect(await result(id)).toMatchObject({state: 'pass'});
  });
});

describe.each<[string, string, Bends]>([
  ['contract-basics', 'answers an absent key with 200', {got: (value = '') => ok(value)}],
  ['contract-basics', 'answers GET with 500', {got: () => ({status: 500, body: 'oops'})}],
  ['contract-basics', 'has one variable for all keys', {key: () => 'the'}],
  ['contract-basics', 'adds a newline', {got: (value) => found(value, (text) => `${text}\n`)}],
  ['values-verbatim', 'trims', {stored: (value) => value.trim()}],
  ['values-verbatim', 'trims the start', {stored: (value) => value.trimStart()}],
  ['values-verbatim', 'joins spaces', {stored: (value) => value.replaceAll(/ +/g, ' ')}],
  ['values-verbatim', 'stores numbers', {stored: (value) => String(Number(value) || value)}],
  ['values-verbatim', 'undoes percent encoding', {stored: (value) => unescape(value)}],
  ['values-verbatim', 'reads JSON', {stored: unquoted}],
  [
    'values-verbatim',
    'takes null for nothing',
    {got: (value) => found(value === 'null' ? undefined : value)},
  ],
  ['keys-distinct', 'cuts keys', {key: (key) => key.slice(0, 63)}],
  ['keys-distinct', 'sorts the letters', {key: (key) => Array.from(key).sort().join('')}],
  [
    'keys-distinct',
    'takes doubled letters for one',
    {key: (key) => key.replaceAll(/(.)\1/g, '$1')},
  ],
  [
    'keys-distinct',
    'knows keys of its own',
    {got: (value, key) => found(key === 'constructor' ? (value ?? 'function') : value)},
  ],
  ['value-empty', 'takes empty for absent', {got: (value) => found(value || undefined)}],
  ['value-long', 'cuts at 32 KiB', {stored: (value) => value.slice(0, 32 * 1024)}],
  ['bad-requests', 'answers them with 500', {bad: () => ({status: 500, body: 'TypeError'})}],
])('%s', (id, _, bends) => {
  it(`fails a server that ${_}`, async () => {
    const {state, failure} = await result(id, bends);
    expect(state).toBe('fail');
    expect(failure?.request).toMatch(/^(GET|PUT|POST|BREW) \/.* HTTP\/1.1/);
    expect(failure?.expected).not.toBe('');
    expect(failure?.got).not.toBe('');
  });
});

describe('bad-requests', () => {
  it('takes 501, and notes a 2xx', async () => {
    const bad = ({method}: IncomingMessage) =>
      method === 'BREW' ? {status: 501, body: ''} : {status: 200, body: ''};
    const {state, notes} = await result('bad-requests', {bad});
    expect(state).toBe('pass');
    expect(notes).toContain('a key of 65 letters: answered with 200');
    expect(notes.join()).not.toContain('nobody knows');
  });
});

function ok(body: string) {
  return {status: 200, body};
}

function found(value: string | undefined, change: (text: string) => string = (text) => text) {
  return value === undefined ? {status: 404, body: ''} : ok(change(value));
}

function unquoted(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
