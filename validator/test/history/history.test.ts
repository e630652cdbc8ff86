import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import * as fc from 'fast-check';
import {afterAll, describe, expect, test} from 'vitest';
import {writeHistory} from '../../src/history/history-lines.ts';
import {lastOperationsOf, readHistory} from '../../src/history/history-reader.ts';
import type {HistoryRecord} from '../../src/history/history-record.ts';
import {HistoryRecorder} from '../../src/history/history-recorder.ts';
import {HttpClient} from '../../src/http/http-client.ts';
import {replay} from '../../src/replay/replay.ts';
import type {ReplayOptions} from '../../src/replay/replay-options.ts';
import type {FakeServer} from '../replay/fake-server.ts';
import {replaying} from '../replay/replaying.ts';

const setup = replaying();
const folder = mkdtempSync(join(tmpdir(), 'kv-history-test-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const RECORD: fc.Arbitrary<HistoryRecord> = fc.record({
  line: fc.integer({min: 1, max: 2 ** 32 - 1}),
  connection: fc.nat(65_535),
  attempt: fc.constantFrom(1, 2),
  invokeUs: fc.double({min: 0, max: 1e12, noNaN: true}),
  returnUs: fc.double({min: 0, max: 1e12, noNaN: true}),
  outcome: fc.constantFrom('as-expected', 'absent', 'other', 'lost', 'not-sent'),
  status: fc.constantFrom(0, 200, 404, 999),
  observed: fc.constant(undefined),
});

const OBSERVED: fc.Arbitrary<HistoryRecord> = fc
  .tuple(RECORD, fc.string({unit: 'binary-ascii', maxLength: 300}))
  .map(([record, observed]) => ({...record, outcome: 'observed', observed}));

test('what goes in comes out, from memory and from disk', () => {
  const records = fc.array(fc.oneof(RECORD, OBSERVED), {maxLength: 100});
  fc.assert(
    fc.property(records, fc.constantFrom(0, 8 * 1024 * 1024), (all, memoryBytesMax) => {
      const recorder = new HistoryRecorder({memoryBytesMax});
      for (const record of all) recorder.add(record);
      expect(recorder.length).toBe(all.length);
      expect([...recorder.records()]).toEqual(all);
      recorder.dispose();
    }),
    {numRuns: 50},
  );
});

test('a long history goes to disk, and leaves nothing there', () => {
  const recorder = new HistoryRecorder({memoryBytesMax: 256 * 1024});
  const record = (line: number): HistoryRecord => ({
    line,
    connection: line % 64,
    attempt: 1,
    invokeUs: line * 10,
    returnUs: line * 10 + 5,
    outcome: 'observed',
    status: 200,
    observed: `value ${line}`,
  });
  for (let line = 1; line <= 40_000; line++) recorder.add(record(line));
  const {spillFolder = ''} = recorder;
  expect(existsSync(spillFolder)).toBe(true);
  let line = 0;
  for (const each of recorder.records()) expect(each.line).toBe(++line);
  expect(line).toBe(40_000);
  recorder.dispose();
  expect(existsSync(spillFolder)).toBe(false);
});

test('a value longer than a chunk', () => {
  const recorder = new HistoryRecorder({memoryBytesMax: 0});
  const observed = 'x'.repeat(300_000);
  const record: HistoryRecord = {
    line: 1,
    connection: 0,
    attempt: 1,
    invokeUs: 0,
    returnUs: 1,
    outcome: 'observed',
    status: 200,
    observed,
  };
  recorder.add(record);
  recorder.add({...record, line: 2, outcome: 'lost', observed: undefined});
  expect([...recorder.records()].map(({line, observed: seen}) => [line, seen?.length])).toEqual([
    [1, 300_000],
    [2, undefined],
  ]);
  recorder.dispose();
});

describe('of a replay', () => {
  async function record(
    lines: string,
    server: FakeServer,
    options: Partial<ReplayOptions> = {},
  ): Promise<{path: string; history: HistoryRecorder}> {
    const path = setup.fixture(lines);
    const history = new HistoryRecorder();
    const client = new HttpClient({server});
    await replay({...options, fixture: {path}, server, client, history});
    return {path, history};
  }

  test('each request is there, with times that can be true', async () => {
    const puts = Array.from({length: 100}, (_, i) => `PUT k${i % 7} v${i}`).join('\n');
    const gets = Array.from({length: 100}, () => 'GET never NOT_FOUND').join('\n');
    const server = await setup.server();
    const {path, history} = await record(`${puts}\nBARRIER\n${gets}`, server, {concurrency: 8});
    const seen: number[] = [];
    const busyUntil: number[] = [];
    let firstBlockEnd = 0;
    for await (const {request, record: each} of readHistory(path, history)) {
      expect(request.line).toBe(each.line);
      expect(each.returnUs).toBeGreaterThanOrEqual(each.invokeUs);
      expect(each.invokeUs).toBeGreaterThanOrEqual(busyUntil[each.connection] ?? 0);
      busyUntil[each.connection] = each.returnUs;
      if (request.op === 'put') firstBlockEnd = Math.max(firstBlockEnd, each.returnUs);
      else expect(each.invokeUs).toBeGreaterThanOrEqual(firstBlockEnd);
      seen.push(each.line);
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual([
      ...Array.from({length: 100}, (_, i) => i + 1),
      ...Array.from({length: 100}, (_, i) => i + 102),
    ]);
    expect(busyUntil).toHaveLength(8);
  });

  test('as JSON lines', async () => {
    const server = await setup.server();
    let putsOfB = 0;
    server.fault = ({key, method, number, response, request}) => {
      if (key === 'b' && method === 'PUT' && ++putsOfB === 1) {
        request.socket.destroy();
        return true;
      }
      if (number !== 7) return false;
      response.statusCode = 500;
      response.end();
      return true;
    };
    const lines = `
      PUT a 1
      GET a 1
      GET a [1 2]
      PUT b x
      GET a 2
      DELETE c
      SCAN a c a,b?
      GET c NOT_FOUND
      SCAN a c a,b
    `;
    const {path, history} = await record(lines, server);
    const file = join(folder, 'history.jsonl');
    await writeHistory(file, path, history);
    const text = readFileSync(file, 'utf8').trimEnd().split('\n');
    const entries = text.map((line) => JSON.parse(line) as Record<string, unknown>);
    const rest = entries.map(({invokeUs, returnUs, ...other}) => {
      expect(invokeUs).toEqual(expect.any(Number));
      if (other['status'] === null) expect(returnUs).toBeNull();
      else expect(returnUs).toBeGreaterThan(invokeUs as number);
      return other;
    });
    const base = {attempt: 1, connection: 0, outcome: 'ok', status: 200};
    expect(rest).toEqual([
      {...base, line: 1, op: 'put', key: 'a', value: '1'},
      {...base, line: 2, op: 'get', key: 'a', value: '1'},
      {...base, line: 3, op: 'get', key: 'a', value: '1'},
      {...base, line: 4, op: 'put', key: 'b', value: 'x', outcome: 'lost', status: null},
      {...base, line: 4, attempt: 2, op: 'put', key: 'b', value: 'x'},
      {...base, line: 5, op: 'get', key: 'a', value: '1'},
      {...base, line: 6, op: 'delete', key: 'c', outcome: 'error', status: 500},
      {...base, line: 7, op: 'scan', start: 'a', end: 'c', keys: ['a', 'b']},
      {...base, line: 8, op: 'get', key: 'c', value: null, status: 404},
      {...base, line: 9, op: 'scan', start: 'a', end: 'c', keys: ['a', 'b']},
    ]);
  });

  test('the last operations of a key before a line', async () => {
    const lines = 'PUT a 1\nPUT b 1\nGET a 1\nPUT a 2\nBARRIER\nPUT a 3\nBARRIER\nGET a 3';
    const {path, history} = await record(lines, await setup.server());
    const wanted = {key: 'a', beforeLine: 8, operationsMax: 2};
    const last = await lastOperationsOf(path, history, wanted);
    expect(last).toHaveLength(2);
    expect(last[1]?.request).toMatchObject({op: 'put', line: 6, value: '3'});
    const none = await lastOperationsOf(path, history, {...wanted, key: 'c'});
    expect(none).toEqual([]);
  });

  test('requests that a crash left unsent are not in it', async () => {
    const server = await setup.server();
    const {path, history} = await record(
      'PUT a 1\nPUT b 1\nPUT c 1\nKILL AFTER 1\nGET c NOT_FOUND',
      server,
    );
    const lines: number[] = [];
    for await (const {request} of readHistory(path, history)) lines.push(request.line);
    expect(lines).toEqual([1, 5]);
  });

  test('a file that cannot be written', async () => {
    const {path, history} = await record('PUT a 1', await setup.server());
    const file = join(folder, 'no-such-folder', 'h');
    await expect(writeHistory(file, path, history)).rejects.toThrow(/--history .*ENOENT/);
  });
});
