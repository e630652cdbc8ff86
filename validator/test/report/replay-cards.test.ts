import {Chalk} from 'chalk';
import {expect, test} from 'vitest';
import {ServerFailure} from '../../src/errors.ts';
import {Dialect} from '../../src/http/dialect.ts';
import type {ReplayFailure} from '../../src/replay/replay-result.ts';
import {breakdownCard, replayFailureCard} from '../../src/report/replay-cards.ts';
import {replaying} from '../replay/replaying.ts';

const setup = replaying();
const plain = new Chalk({level: 0});

const LINES = 'PUT a one\nPUT a two\nKILL\nPUT b x\nGET a two\nSCAN a c a,b\n';
const fixture = {
  path: setup.fixture(LINES),
  name: 'test.txt',
  week: 3,
  unansweredLines: async () => new Set([2]),
};

const FAILURE: ReplayFailure = {
  request: {op: 'get', line: 5, key: 'a', expected: ['two']},
  kind: 'value',
  expected: undefined,
  permitted: ['two'],
  settledAtLine: undefined,
  keys: undefined,
  status: 200,
  body: 'twin',
  value: 'twin',
};

test('a wrong value, with a caret and the life of its key', async () => {
  expect((await replayFailureCard(FAILURE, fixture, new Dialect(), plain)).join('\n')).toBe(
    [
      'test.txt:5  GET a two',
      '  a wrong value was read',
      '  expected  "two"',
      '  got       "twin"',
      '               ^',
      '            they differ from byte 2 on (the first is 0); 3 bytes were expected,',
      '            4 came',
      '  its life  line 1  PUT a = one',
      '            line 2  PUT a = two (never answered)',
      '            line 3  KILL',
    ].join('\n'),
  );
});

test('a value that contradicts an earlier read', async () => {
  const changed: ReplayFailure = {...FAILURE, kind: 'changed', settledAtLine: 4};
  const card = await replayFailureCard(changed, fixture, new Dialect(), plain);
  expect(card.join('\n')).toContain('a read had settled it: line 4');
});

test('a status, with what the server said, escaped', async () => {
  const status: ReplayFailure = {
    ...FAILURE,
    kind: 'status',
    expected: '200, or 404 for an absent key',
    permitted: undefined,
    status: 500,
    body: 'oops\x1b[2J\n',
    value: undefined,
  };
  const card = (await replayFailureCard(status, fixture, new Dialect(), plain)).join('\n');
  expect(card).toContain('  expected  200, or 404 for an absent key');
  expect(card).toContain('  got       500 with "oops\\x1b[2J\\n"');
});

test('the keys of a scan, with the life of the first wrong one', async () => {
  const keys: ReplayFailure = {
    ...FAILURE,
    request: {op: 'scan', line: 6, start: 'a', end: 'c', keys: [{key: 'a', optional: false}]},
    kind: 'keys',
    permitted: undefined,
    keys: {missing: ['a'], unexpected: ['b'], outOfOrder: undefined, repeated: undefined},
    body: '["b"]',
    value: undefined,
  };
  expect((await replayFailureCard(keys, fixture, new Dialect(), plain)).join('\n')).toBe(
    [
      'test.txt:6  SCAN a c a',
      '  a scan left out a',
      '  expected  1 key; at position 0 (the first is 0): a; missing: "a"; too many:',
      '            "b"',
      '  got       1 key; at position 0 (the first is 0): b',
      '  its life  line 1  PUT a = one',
      '            line 2  PUT a = two (never answered)',
      '            line 3  KILL',
    ].join('\n'),
  );
});

test('a server that broke down', async () => {
  const failure = new ServerFailure('exited', 'the server ended by itself: exit status 2', [
    'panic: out of luck',
  ]);
  const request = {op: 'put', line: 4, key: 'b', value: 'x'} as const;
  const card = (await breakdownCard({failure, line: 4, request}, fixture, plain)).join('\n');
  expect(card).toBe(
    [
      'test.txt:4  PUT b x',
      '  the server ended by itself: exit status 2',
      '  details   panic: out of luck',
      '  its life  no earlier write of b',
    ].join('\n'),
  );
});
