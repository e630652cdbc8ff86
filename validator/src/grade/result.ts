/**
 * The result of `kv grade`, complete: the table, the cards, the exit code and
 * every export are computed from it, and `--json` writes it as it is. It is a
 * schema, so that its types, what `kv export` takes, and the published JSON
 * Schema (validator/result.schema.json) with its descriptions are one thing.
 */
import * as v from 'valibot';
import type {State} from '../verdict.ts';
import {
  count,
  flag,
  type Immutable,
  id,
  list,
  milliseconds,
  number,
  object,
  text,
  texts,
} from './described.ts';
import {failureSchema} from './failure-result.ts';

/** Raised when a field changes its meaning or goes away; new fields may come without. */
export const SCHEMA_VERSION = 1;

const STATES = [
  'pass',
  'fail',
  'inconclusive',
  'grader-error',
  'blocked',
  'not-claimed',
  'unavailable',
] as const satisfies readonly State[];

const check = v.object({
  id: id('The name of the check, which stays the same: kv checks has them all.'),
  title: text('What it is about, in a few words.'),
  proves: text('What a pass shows, in one sentence.'),
  week: count('The week that the check belongs to.'),
  state: v.pipe(
    v.picklist(STATES),
    v.description('How it ended; docs/contract.md, "States and exit codes", has what each means.'),
  ),
  durationMs: milliseconds('How long it took, in milliseconds; 0 if it was not run.'),
  requests: count('Requests that were answered.'),
  notes: texts('Remarks: what was shortened, how fast it was, what to watch.'),
  reason: v.exactOptional(text('Why it did not pass, in one line; absent for a pass.')),
  blockedBy: v.exactOptional(id('The check whose failure blocks this one.')),
  failure: v.exactOptional(failureSchema),
});

const marks = object('What it is worth, if it was marked.', {
  earned: v.exactOptional(
    number('Points, by the deadline that was met; absent if there is no result: never zero then.'),
  ),
  total: number('Points that can be earned.'),
  percent: number('Of the marks, by the deadline that was met: 100 if it was not late.'),
  review: texts('Why somebody should look before the marks are final.'),
  checks: list(
    'The checks of the week, one by one.',
    v.object({
      id: id('The name of the check.'),
      earned: number('Points earned, before they are scaled to the total.'),
      points: number('Points that a pass is worth.'),
      counts: flag('Whether the points are among those that can be earned.'),
    }),
  ),
});

const grading = v.object({
  week: count('The week that was graded.'),
  target: object('The server.', {
    kind: v.pipe(
      v.picklist(['reference', 'project', 'command', 'url']),
      v.description('Where the server came from.'),
    ),
    name: text('For people: a folder, a command, an address.'),
    arguments: texts('The arguments of kv grade that name this server again.'),
  }),
  seed: count('Repeats the run exactly: keys, values, kill points.'),
  durationMs: milliseconds('How long the grading took, in milliseconds.'),
  checks: list('In the order in which they are run.', check),
  interrupted: flag('It was ended before all checks were.'),
  isolation: v.exactOptional(
    object(
      'Whether the server ran as a user who can see nothing of the grader, if it was marked.',
      {
        isolated: flag('It did.'),
        reason: text('Why not; empty if it did.'),
      },
    ),
  ),
  marks: v.exactOptional(marks),
  earliestBrokenWeek: v.exactOptional(count('The week of the earliest check that failed.')),
  exitCode: count('0, 1, 2 or 3 as in docs/contract.md; 130 if it was interrupted.'),
});

export const resultSchema = object('What kv grade --json writes. Times are in milliseconds.', {
  schemaVersion: v.pipe(
    v.literal(SCHEMA_VERSION),
    v.description(
      'Raised when a field changes its meaning or goes away; new fields may come without.',
    ),
  ),
  tool: object('What graded.', {
    name: v.pipe(v.literal('kv'), v.description('Always the same.')),
    version: text('Of the package.'),
  }),
  startedAt: v.pipe(v.string(), v.isoTimestamp(), v.description('ISO 8601, in UTC.')),
  machine: object('Where it was graded.', {
    platform: text('Operating system and processor: linux x64.'),
    node: text('The version of Node.'),
    cpus: count('Processors that could be used.'),
    syncsPerSecond: count(
      'Measured: appends of 64 bytes a second, each made durable before the next.',
    ),
  }),
  gradings: list(
    'One a graded server: several only where the reference weeks grade themselves.',
    grading,
  ),
  exitCode: count('Of the command: the worst of all gradings; 130 if it was interrupted.'),
});

export type GradeReport = Immutable<v.InferOutput<typeof resultSchema>>;
export type Grading = GradeReport['gradings'][number];
export type Target = Grading['target'];
export type CheckResult = Grading['checks'][number];
export type Isolation = NonNullable<Grading['isolation']>;
export type Marks = NonNullable<Grading['marks']>;
export type CheckMarks = Marks['checks'][number];
