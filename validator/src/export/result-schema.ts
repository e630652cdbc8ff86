/**
 * The result of `kv grade` as a schema: what `kv export` reads is held against
 * it, and the published JSON Schema (validator/result.schema.json) is made from it.
 */
import * as v from 'valibot';
import {SCHEMA_VERSION} from '../grade/result.ts';

const text = v.string();
const texts = v.array(text);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const milliseconds = v.pipe(v.number(), v.minValue(0));

const smallest = v.object({
  path: v.exactOptional(text),
  problem: v.exactOptional(text),
  lineCount: count,
  lines: texts,
  isSmall: v.boolean(),
  isMinimal: v.boolean(),
  rate: v.object({failed: count, runs: count}),
  runs: count,
});

const failure = v.object({
  summary: text,
  request: v.exactOptional(text),
  expected: v.exactOptional(text),
  got: v.exactOptional(text),
  difference: v.exactOptional(v.object({expected: text, got: text})),
  key: v.exactOptional(text),
  life: v.exactOptional(v.array(v.object({at: text, what: text}))),
  inFiles: v.exactOptional(v.array(v.object({at: text, what: text}))),
  invariant: v.exactOptional(text),
  details: texts,
  brokenDown: v.exactOptional(text),
  serverOutput: texts,
  hints: v.object({look: text, cause: text, chapter: text}),
  reproduce: texts,
  smallest: v.exactOptional(smallest),
});

const check = v.object({
  id: text,
  title: text,
  proves: text,
  week: count,
  state: v.picklist([
    'pass',
    'fail',
    'inconclusive',
    'grader-error',
    'blocked',
    'not-claimed',
    'unavailable',
  ]),
  durationMs: milliseconds,
  requests: count,
  notes: texts,
  reason: v.exactOptional(text),
  blockedBy: v.exactOptional(text),
  failure: v.exactOptional(failure),
});

const marks = v.object({
  earned: v.exactOptional(v.number()),
  total: v.number(),
  percent: v.number(),
  review: texts,
  checks: v.array(
    v.object({id: text, earned: v.number(), points: v.number(), counts: v.boolean()}),
  ),
});

const grading = v.object({
  week: count,
  target: v.object({
    kind: v.picklist(['reference', 'project', 'command', 'url']),
    name: text,
    arguments: texts,
  }),
  seed: count,
  durationMs: milliseconds,
  checks: v.array(check),
  interrupted: v.boolean(),
  isolation: v.exactOptional(v.object({isolated: v.boolean(), reason: text})),
  marks: v.exactOptional(marks),
  earliestBrokenWeek: v.exactOptional(count),
  exitCode: count,
});

export const resultSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  tool: v.object({name: v.literal('kv'), version: text}),
  startedAt: v.pipe(text, v.isoTimestamp()),
  machine: v.object({platform: text, node: text, cpus: count, syncsPerSecond: count}),
  gradings: v.array(grading),
  exitCode: count,
});
