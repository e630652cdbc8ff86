import {Chalk} from 'chalk';
import {describe, expect, it} from 'vitest';
import type {FailureReport} from '../../src/grade/failure-result.ts';
import {failureCard} from '../../src/report/failure-card.ts';
import {expectGolden} from '../golden.ts';
import {failure, result} from './results.ts';

const PLAIN = new Chalk({level: 0});

function card(fields: Partial<FailureReport>): string {
  const check = result('newest-wins', 'fail', {
    title: 'The newest value wins',
    proves: 'Of a key with values in several SSTables and in the memtable, the newest is read.',
    failure: failure(fields),
  });
  return `${failureCard(check, PLAIN).join('\n')}\n`;
}

const WRONG_VALUE: Partial<FailureReport> = {
  request: 'GET /apple HTTP/1.1',
  expected: '200 with "red and round 17"',
  got: '200 with "red and green 3"',
  difference: {expected: 'red and round 17', got: 'red and green 3'},
  key: 'apple',
  life: [
    {at: 'write 12', what: 'PUT apple = red and green 3'},
    {at: '', what: 'memtable full (2000 entries): flush'},
    {at: 'write 2034', what: 'PUT apple = red and round 17'},
    {at: '', what: 'RESTART'},
    {at: '', what: '(2500 writes of other keys meanwhile)'},
  ],
  inFiles: [
    {at: '', what: 'read after the server was stopped, the newest first:'},
    {at: 'sst-12.json, byte 840', what: 'counts  "red and round 17"'},
    {at: 'sst-2.json, byte 88', what: 'hidden  "red and green 3"'},
  ],
  invariant: 'A GET answers the value of the last acknowledged PUT of its key.',
};

describe('a failure card', () => {
  it('shows a wrong value', () => {
    expectGolden('cards/wrong-value.txt', card(WRONG_VALUE));
  });

  it('shows a difference far inside a long value', () => {
    const value = 'abcdefghij'.repeat(6_553);
    const expected = `${value}123456`;
    const got = `${value.slice(0, 40_000)}-${value.slice(40_001)}123456`;
    const text = card({request: 'GET /apple HTTP/1.1', difference: {expected, got}});
    expectGolden('cards/long-value.txt', text);
  });

  it('shows an answer that ends too early', () => {
    const difference = {expected: 'a value and its end', got: 'a value'};
    expectGolden('cards/cut-value.txt', card({difference}));
  });

  it('shows bytes that cannot be printed in hex', () => {
    const difference = {expected: 'a value', got: 'a va\u0000\u00e9\u001b[31mlue\n'};
    expectGolden('cards/hex.txt', card({difference}));
  });

  it('shows a server that has died', () => {
    const text = card({
      summary: 'the server was ended by SIGSEGV by itself',
      request: 'PUT /apple HTTP/1.1\nred and round',
      expected: 'a complete answer',
      got: 'the connection was closed before any answer',
      details: ['the answer begins "HTTP"'],
      serverOutput: ['listening on 8080', 'panic: index out of range', 'goroutine 1 [running]:'],
      reproduce: ['kv grade 2 --check newest-wins --seed 7', 'kv replay fixtures/week-02.txt'],
    });
    expectGolden('cards/dead-server.txt', text);
  });

  it('cuts a long request body, and a long life', () => {
    const text = card({
      request: `PUT /apple HTTP/1.1\n${'x'.repeat(65_536)}`,
      life: Array.from({length: 40}, (_, index) => ({at: `write ${index}`, what: 'KILL'})),
    });
    expectGolden('cards/cut-body-and-life.txt', text);
  });

  it('never passes on what would steer the terminal', () => {
    const evil = 'x\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\r\n\u0000y';
    const text = card({
      ...WRONG_VALUE,
      summary: evil,
      request: `PUT /${evil} HTTP/1.1\n${evil}`,
      expected: evil,
      got: evil,
      difference: {expected: 'x', got: evil},
      life: [{at: 'write 1', what: evil}],
      inFiles: [{at: evil, what: evil}],
      invariant: evil,
      details: [evil],
      serverOutput: [evil],
      reproduce: [evil],
    });
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('x\\x1b[2J');
  });

  it('has no line of more than 80 columns, commands excepted', () => {
    const long = 'word '.repeat(100) + 'x'.repeat(300);
    const text = card({
      ...WRONG_VALUE,
      summary: long,
      request: `PUT /${'k'.repeat(200)} HTTP/1.1\n${long}`,
      expected: long,
      got: long,
      life: [{at: 'write 1', what: long}],
      inFiles: [{at: long, what: long}],
      details: [long],
      serverOutput: [long],
    });
    const lines = text.split('\n').filter((line) => !line.includes('kv grade'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
