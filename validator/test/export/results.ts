/** Made-up results with everything in them that a server could try. */
import type {GradeReport} from '../../src/grade/result.ts';
import {failure, grading, result} from '../report/results.ts';

const HOSTILE_TEXT =
  '</pre><script>alert(1)</script> ]]> & " \' \u0000\u001b[2J\u202e ::error::x ``` |';

export function report(fields: Partial<GradeReport> = {}): GradeReport {
  const failed = failure({
    summary: `the server printed ${HOSTILE_TEXT}`,
    request: 'GET /apple HTTP/1.1',
    difference: {expected: 'red', got: HOSTILE_TEXT},
    got: HOSTILE_TEXT,
    key: 'apple',
    life: [
      {at: 'write 12', what: `PUT apple = ${HOSTILE_TEXT}`},
      {at: '', what: 'memtable full (2000 entries): flush'},
      {at: '', what: 'KILL'},
      {at: 'write 14', what: 'DELETE apple'},
      {at: '', what: 'RESTART'},
    ],
    inFiles: [
      {at: '', what: 'read after the server was stopped, the newest first:'},
      {at: 'sst-2.json, byte 88', what: `counts  "${HOSTILE_TEXT}"`},
    ],
    invariant: 'A deleted key is absent.',
    details: [HOSTILE_TEXT],
    serverOutput: [HOSTILE_TEXT, '::set-output name=score::100', '##[add-mask]x'],
    smallest: {
      path: '.kv/replays/newest-wins.txt',
      lineCount: 2,
      lines: ['PUT apple red', 'GET apple red'],
      isSmall: false,
      isMinimal: true,
      rate: {failed: 3, runs: 3},
      runs: 12,
    },
  });
  const checks = [
    result('contract-basics', 'pass', {notes: ['500 requests']}),
    result('newest-wins', 'fail', {reason: failed.summary, failure: failed}),
    result('slow', 'inconclusive', {reason: 'too slow'}),
    result('broken', 'grader-error', {reason: 'bug in the grader'}),
    result('later', 'blocked', {reason: 'newest-wins failed', blockedBy: 'newest-wins'}),
    result('files', 'not-claimed', {reason: 'not claimed'}),
    result('elsewhere', 'unavailable', {reason: HOSTILE_TEXT}),
  ];
  return {
    schemaVersion: 1,
    tool: {name: 'kv', version: '0.1.0'},
    startedAt: '2026-01-02T03:04:05.678Z',
    machine: {platform: 'linux x64', node: '20.20.2', cpus: 2, syncsPerSecond: 5_000},
    gradings: [grading(checks, {exitCode: 1, earliestBrokenWeek: 2})],
    exitCode: 1,
    ...fields,
  };
}
