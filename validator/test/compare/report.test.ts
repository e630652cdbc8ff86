/** What kv compare prints, without a server. */

import type {Request} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {Chalk} from 'chalk';
import {expect, test} from 'vitest';
import {differenceCard} from '../../src/compare/card.ts';
import type {CompareResult} from '../../src/compare/compare.ts';
import type {LineAnswer} from '../../src/compare/line-answer.ts';
import {compareExitCode, compareSummary} from '../../src/compare/summary.ts';
import {HttpClient} from '../../src/http/http-client.ts';

const PLAIN = new Chalk({level: 0});
const {dialect} = new HttpClient({server: {address: {host: '127.0.0.1', port: 1}}});

const SAME: CompareResult = {
  compared: 30_000,
  bothPermitted: 0,
  difference: undefined,
  breakdown: undefined,
  speed: {
    yours: {requestsPerSecond: 3_924, p99Ms: 0.42},
    reference: {requestsPerSecond: 6_788, p99Ms: 12.3},
    throughput: {ratio: 0.578, lowerQuartile: 0.51, upperQuartile: 0.63},
    p99Ratio: 0.034,
    chunks: 30,
  },
  wasNeverConcurrent: false,
};

function card(line: string, reference: LineAnswer, yours: LineAnswer): string {
  const request = parseLine(line, 12, 'test.txt') as Request;
  return differenceCard({request, yours, reference}, 'test.txt', dialect, [], PLAIN).join('\n');
}

test('two values one above the other, with a caret', () => {
  const life = [{at: 'line 3', what: 'PUT k = plum\u001B[2J'}];
  const request = parseLine('GET k plum', 12, 'test.txt') as Request;
  const reference = {kind: 'value', value: 'plum'} as const;
  const yours = {kind: 'value', value: 'pear'} as const;
  const lines = differenceCard({request, yours, reference}, 'test.txt', dialect, life, PLAIN);
  expect(lines.join('\n')).toBe(
    [
      'test.txt:12  GET k plum',
      '  the two servers answer differently',
      '',
      '  request      GET /k HTTP/1.1',
      '  reference    "plum"',
      '  yours        "pear"',
      '                 ^',
      '               they differ from byte 1 on (the first is 0); 4 bytes were',
      '               expected, 4 came',
      '',
      '  its life     line 3  PUT k = plum\\x1b[2J',
    ].join('\n'),
  );
});

test('answers that cannot be compared byte by byte', () => {
  const absent = card('GET k v', {kind: 'value', value: 'v'}, {kind: 'value', value: null});
  expect(absent).toContain('  reference    200 with "v"\n  yours        404');
  const refused = card(
    'PUT k v',
    {kind: 'acknowledged', status: 200},
    {
      kind: 'bad',
      status: 500,
      body: 'no\n',
    },
  );
  expect(refused).toContain('  reference    200, acknowledged\n  yours        500 with "no\\n"');
});

test('a list of keys is compared as text, and cut where it is long', () => {
  const keys = (...names: string[]): LineAnswer => ({kind: 'keys', keys: names});
  const scans = card('SCAN a f b,c', keys('b', 'c'), keys('b'));
  expect(scans).toContain('  reference    "b,c"\n  yours        "b"\n');
  const many = Array.from({length: 100}, (_, index) => `key${index}`);
  const long = card('SCAN a z', keys(...many), {kind: 'bad', status: 400, body: ''});
  expect(long).toMatch(/\.\.\. \(100 keys\)\n {2}yours {8}400$/);
});

test('the same: 0, and both speeds', () => {
  expect(compareExitCode(SAME)).toBe(0);
  expect(compareSummary(SAME, 'test.txt', PLAIN).join('\n')).toBe(
    [
      'test.txt: SAME: 30,000 answers, none differs',
      '',
      '                       yours    reference  yours / reference',
      'requests/s             3,924        6,788  0.58 (half of 30 chunks: 0.51 to 0.63)',
      'latency, 99 %        0.42 ms      12.3 ms  0.03',
    ].join('\n'),
  );
});

test('blocks of which never two requests were in flight are no verdict', () => {
  const result = {...SAME, wasNeverConcurrent: true, speed: undefined, bothPermitted: 1};
  expect(compareExitCode(result)).toBe(2);
  expect(compareSummary(result, 'test.txt', PLAIN).join('\n')).toBe(
    [
      'test.txt: NO VERDICT: 30,000 answers, none differs',
      'Of these, 1 answer differs where the file permits both: writes in parallel, or',
      'cut off by a kill',
      'never were two requests to yours in flight at once: nothing is known of',
      'concurrency',
      '',
      'too few answers to compare the speed',
    ].join('\n'),
  );
});
