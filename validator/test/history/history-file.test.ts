import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from 'vitest';
import {readHistoryFile} from '../../src/history/history-file.ts';
import {writeHistory} from '../../src/history/history-lines.ts';
import {HistoryRecorder} from '../../src/history/history-recorder.ts';
import {HttpClient} from '../../src/http/http-client.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import type {History} from '../../src/linearizability/operation.ts';
import {replay} from '../../src/replay/replay.ts';
import {replaying} from '../replay/replaying.ts';

const setup = replaying();
const folder = mkdtempSync(join(tmpdir(), 'kv-history-file-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

async function read(lines: readonly (object | string)[], model = 'register'): Promise<History> {
  const path = join(folder, 'h.jsonl');
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, texts.map((text) => `${text}\n`).join(''));
  return await readHistoryFile(path, 'h.jsonl', modelOf(model) as Model);
}

const TIMES = {invokeUs: 1, returnUs: 2};
const PUT = {op: 'put', key: 'a', value: '7', ...TIMES};
const GET = {op: 'get', key: 'a', value: null, ...TIMES};
const NEVER = Number.POSITIVE_INFINITY;

describe('a history file', () => {
  test('has the operations of its model', async () => {
    const base = {key: 'a', client: 0, invoke: 1, return: 2};
    expect((await read([PUT, '', GET, {...TIMES, op: 'delete', key: 'a'}])).operations).toEqual([
      {...base, action: {op: 'put', value: '7'}, place: 'line 1'},
      {...base, action: {op: 'get', value: null}, place: 'line 3'},
      {...base, action: {op: 'delete'}, place: 'line 4'},
    ]);
    const cas = {op: 'cas', key: 'a', from: null, to: '1', succeeded: false, ...TIMES};
    expect((await read([cas], 'cas-register')).operations).toEqual([
      {...base, action: {op: 'cas', from: null, to: '1', succeeded: false}, place: 'line 1'},
    ]);
    const append = {op: 'append', key: 'a', value: 'x', connection: 3, line: 812, ...TIMES};
    expect((await read([append], 'append')).operations).toEqual([
      {...base, client: 3, action: {op: 'append', value: 'x'}, place: 'line 812'},
    ]);
    const scan = {op: 'scan', start: 'a', end: 'f', keys: ['b'], ...TIMES};
    const {client, invoke, return: returned} = base;
    expect((await read([scan])).scans).toEqual([
      {start: 'a', end: 'f', keys: ['b'], client, invoke, return: returned, place: 'line 1'},
    ]);
  });

  test.each([
    ['returnUs is null', {...PUT, returnUs: null}],
    ['there is no returnUs', {...PUT, returnUs: undefined}],
    ['the answer was lost', {...PUT, outcome: 'lost'}],
    ['the answer was an error', {...PUT, outcome: 'error', status: 500}],
    ['a swap without an answer', {op: 'cas', key: 'a', from: '1', to: '2', invokeUs: 1}],
  ])('leaves a write open where %s', async (_, line) => {
    const {operations} = await read([line], 'cas-register');
    expect(operations).toHaveLength(1);
    expect(operations[0]?.return).toBe(NEVER);
  });

  test.each([
    ['a read without an answer', {op: 'get', key: 'a', invokeUs: 1, outcome: 'lost'}],
    ['a read whose answer says nothing', {...GET, value: undefined, outcome: 'error'}],
    ['a scan without an answer', {op: 'scan', start: 'a', end: 'b', invokeUs: 1}],
    ['what was never sent', {...PUT, outcome: 'not-sent', returnUs: null}],
  ])('leaves out %s', async (_, line) => {
    expect(await read([line])).toEqual({operations: [], scans: []});
  });

  test.each<[string, object | string, string]>([
    ['no JSON', '{"op":', 'it is not JSON: '],
    ['no object', '[1]', 'it is not a JSON object'],
    [
      'no op',
      {...TIMES},
      '"op" is missing: one of "put", "get", "delete", "scan", "cas", "append"',
    ],
    ['an unknown op', {...PUT, op: 'write'}, '"op" is "write": expected one of "put"'],
    [
      'an op of another model',
      {...PUT, op: 'append'},
      'the model register has no "append", only put, get, delete, scan',
    ],
    ['no key', {...PUT, key: undefined}, '"key" is missing: a string'],
    ['a number as value', {...PUT, value: 7}, '"value" is 7: expected a string'],
    ['a read without a value', {...GET, value: undefined}, '"value" is missing: a string, or null'],
    ['no time', {...PUT, invokeUs: undefined}, '"invokeUs" is missing: a number'],
    ['a time that is text', {...PUT, returnUs: '2'}, '"returnUs" is "2": expected a number'],
    ['a return before the invocation', {...PUT, returnUs: 0}, '"returnUs" is before "invokeUs"'],
    ['an unknown outcome', {...PUT, outcome: 'fine'}, '"outcome" is "fine": expected one of "ok"'],
    [
      'keys that are no array',
      {op: 'scan', start: 'a', end: 'b', keys: 'a', ...TIMES},
      '"keys" is "a": expected an array of strings',
    ],
  ])('is refused with its line: %s', async (_, line, message) => {
    await expect(read([PUT, line])).rejects.toThrow(`h.jsonl, line 2: ${message}`);
  });

  test('may begin with a byte order mark', async () => {
    expect((await read([`\uFEFF${JSON.stringify(PUT)}`, PUT])).operations).toHaveLength(2);
  });

  test('is told of a number that is too large', async () => {
    const line = JSON.stringify(PUT).replace('"returnUs":2', '"returnUs":1e400');
    await expect(read([line])).rejects.toThrow('line 1: "returnUs" is too large a number');
  });

  test('is refused where it cannot be read', async () => {
    const model = modelOf('register') as Model;
    await expect(readHistoryFile(join(folder, 'none'), 'none', model)).rejects.toThrow(
      'none: there is no such file',
    );
    await expect(readHistoryFile(folder, 'folder', model)).rejects.toThrow(
      'folder: this is a folder, not a file',
    );
  });

  test('is what a replay records', async () => {
    const server = await setup.server();
    server.fault = ({key, method, request}) => {
      if (key !== 'b' || method !== 'PUT') return false;
      server.fault = () => false;
      request.socket.destroy();
      return true;
    };
    const path = setup.fixture(
      'PUT a 1\nGET a 1\nPUT b x\nSCAN a c a,b\nDELETE a\nGET a NOT_FOUND',
    );
    const history = new HistoryRecorder();
    await replay({fixture: {path}, server, client: new HttpClient({server}), history});
    const file = join(folder, 'recorded.jsonl');
    await writeHistory(file, path, history);
    const {operations, scans} = await readHistoryFile(file, file, modelOf('register') as Model);
    const seen = operations.map(({key, action, place, return: returned}) => {
      const value = 'value' in action ? action.value : undefined;
      return [place, action.op, key, value, returned < NEVER];
    });
    expect(seen).toEqual([
      ['line 1', 'put', 'a', '1', true],
      ['line 2', 'get', 'a', '1', true],
      ['line 3', 'put', 'b', 'x', false],
      ['line 3', 'put', 'b', 'x', true],
      ['line 5', 'delete', 'a', undefined, true],
      ['line 6', 'get', 'a', null, true],
    ]);
    expect(scans).toMatchObject([{start: 'a', end: 'c', keys: ['a', 'b'], place: 'line 4'}]);
  });
});
