import {surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import {expect, test} from 'vitest';
import {type CompareResult, compare} from '../../src/compare/compare.ts';
import {compareSummary} from '../../src/compare/summary.ts';
import {GraderError} from '../../src/errors.ts';
import {HttpClient} from '../../src/http/http-client.ts';
import {colourFor} from '../../src/report/colour.ts';
import type {FakeServer, Fault} from '../replay/fake-server.ts';
import {replaying} from '../replay/replaying.ts';

const setup = replaying();

async function compareOn(
  lines: string,
  faults: {readonly yours?: Fault; readonly reference?: Fault} = {},
): Promise<CompareResult & {readonly yours: FakeServer; readonly reference: FakeServer}> {
  const path = setup.fixture(lines);
  const survey = await surveyFixture(path);
  const yours = await setup.server(faults.yours);
  const reference = await setup.server(faults.reference);
  const target = (server: FakeServer) => {
    const limits = {requestTimeoutMs: 400, silenceTimeoutMs: 200};
    return {server, client: new HttpClient({server, limits}), dispose: async () => {}};
  };
  const result = await compare({
    fixture: {path, name: 'test.txt', survey},
    yours: target(yours),
    reference: target(reference),
    chunkRequests: 3,
  });
  return {...result, yours, reference};
}

/** Answers the n-th request wrongly. */
function wrongAt(wrongNumber: number, body: string): Fault {
  return ({number, response}) => {
    if (number !== wrongNumber) return false;
    response.end(body);
    return true;
  };
}

const LINES = `
  # format: 1
  PUT a 1
  GET a 1
  GET b NOT_FOUND
  PUT b 2
  SCAN a z a,b
  RESTART
  GET a 1
  DELETE a
  GET a NOT_FOUND`;

test('two right servers are the same; both get every line, chunk by chunk', async () => {
  const {yours, reference, speed, ...result} = await compareOn(LINES);
  expect(result).toMatchObject({compared: 8, bothPermitted: 0, difference: undefined});
  expect([yours.requests, reference.requests]).toEqual([8, 8]);
  expect([yours.stops, reference.stops]).toEqual([1, 1]);
  expect(speed?.chunks).toBe(3);
  expect(speed?.throughput.ratio).toBeGreaterThan(0);
});

test('the first answer that differs, with its line in the whole file', async () => {
  // Line 8 of the file, the sixth request.
  const {difference, compared, reference} = await compareOn(LINES, {yours: wrongAt(6, 'one')});
  expect(difference).toEqual({
    request: {op: 'get', line: 8, key: 'a', expected: ['1']},
    yours: {kind: 'value', value: 'one'},
    reference: {kind: 'value', value: '1'},
  });
  expect(compared).toBe(5);
  // No further chunk is sent.
  expect(reference.requests).toBe(6);
});

test('what the reference answers counts, not what the file says', async () => {
  const {difference, compared} = await compareOn('PUT a 1\nGET a 2\nGET a 1');
  expect({difference, compared}).toEqual({difference: undefined, compared: 3});
});

test('a body that is no list of keys is a difference, and shown', async () => {
  const {difference} = await compareOn(LINES, {yours: wrongAt(5, '<html>')});
  expect(difference?.yours).toEqual({kind: 'bad', status: 200, body: '<html>'});
  expect(difference?.reference).toEqual({kind: 'keys', keys: ['a', 'b']});
});

test('answers within a block may differ as the file permits', async () => {
  const answering = (body: string): Fault => {
    return ({method, response}) => method === 'GET' && response.end(body) === response;
  };
  const [yours, reference] = [answering('1'), answering('2')];
  const lines = 'PUT a 1\nBARRIER\nPUT a 2\nGET a [1 2]\nBARRIER\n';
  const permitted = await compareOn(lines, {yours, reference});
  expect(permitted).toMatchObject({compared: 3, bothPermitted: 1, difference: undefined});
  const {difference} = await compareOn(lines.replace('[1 2]', '[2 3]'), {yours, reference});
  expect(difference?.request.line).toBe(4);
});

test('a server that breaks down: its line, after what was the same', async () => {
  const hang: Fault = ({number}) => number === 4;
  const result = await compareOn(LINES, {yours: hang});
  expect(result.breakdown).toMatchObject({line: 5, failure: {kind: 'hang'}});
  expect(result.compared).toBe(3);
  expect(compareSummary(result, 'test.txt', colourFor('stdout')).join('\n')).toContain(
    'test.txt: YOURS FAILED: line 5; 3 answers before it are the same',
  );
});

test("a reference that breaks down is the grader's fault", async () => {
  const hang: Fault = ({number}) => number === 4;
  await expect(compareOn(LINES, {reference: hang})).rejects.toThrow(GraderError);
});
