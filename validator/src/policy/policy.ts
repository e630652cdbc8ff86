/**
 * What an instructor fixes for marking, in a file of its own. A project's kv.yaml
 * then only says how to build and start, and where its routes and files are.
 */
import {dirname, resolve} from 'node:path';
import {readInput} from '@kv-workshop/fixtures/input-file';
import {nearestName} from '@kv-workshop/shared/nearest-name';
import * as v from 'valibot';
import {parse} from 'yaml';
import {resolveFromCaller} from '../caller-folder.ts';
import {checkIds, checksOf} from '../checks/catalogue.ts';
import {pointsOf} from '../checks/points.ts';
import {WEEK_LAST} from '../checks/week-rules.ts';
import {FILE_FORMATS, STRETCH_TASKS} from '../config/settings.ts';
import {UsageError} from '../errors.ts';
import {SEED_MAX} from '../grade/seed.ts';
import {nearestOf} from '../nearest-of.ts';

/** Short enough to be guessed is no secret. */
const SECRET_BYTES_MIN = 16;
/** Of a policy, and of a secret. */
const FILE_BYTES_MAX = 1024 * 1024;

export interface Policy {
  readonly week: number;
  /** Ids of the checks that are marked; all of the week's if undefined. */
  readonly checks: ReadonlySet<string> | undefined;
  /** Go on after a failed check, so that what comes later can still earn points. */
  readonly all: boolean;
  /** Of some checks; the catalogue has those of the others. */
  readonly points: Readonly<Record<string, number>>;
  /** The marks of a server that passes everything; the sum of the points if undefined. */
  readonly total: number | undefined;
  /** Formats and optional tasks that may be unclaimed without a cost. */
  readonly unclaimed: ReadonlySet<string>;
  /** In ascending order; behind the last one nothing is earned. Empty: there is no deadline. */
  readonly deadlines: readonly Deadline[];
  /** Of every run, unless there is a secret. */
  readonly seed: number | undefined;
  /** Each student's seed is derived from it. */
  readonly secret: Buffer | undefined;
  /** Replay files are generated from the seed, in place of those that everybody has. */
  readonly seededFixtures: boolean;
  /** The user, by name or number, as whom build and server run if the grader is root. */
  readonly runAs: string | undefined;
  /** Whether cards and results name the seed. */
  readonly showSeed: boolean;
  /** What no student may read: the policy itself, and the secret. */
  readonly hiddenFiles: readonly string[];
}

export interface Deadline {
  readonly until: Date;
  /** Of the marks that are earned by then. */
  readonly percent: number;
}

const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
const points = v.pipe(v.number(), v.minValue(0), v.maxValue(1_000_000));

const policySchema = v.strictObject({
  week: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(WEEK_LAST)),
  checks: v.optional(v.pipe(v.array(v.string()), v.minLength(1))),
  all: v.optional(v.boolean(), true),
  points: v.optional(v.record(v.string(), points), {}),
  total: v.optional(v.pipe(points, v.minValue(1))),
  unclaimed: v.optional(v.array(v.string()), []),
  deadlines: v.optional(
    v.array(v.strictObject({until: v.pipe(v.string(), v.isoTimestamp()), percent})),
    [],
  ),
  seed: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SEED_MAX))),
  secretFile: v.optional(v.string()),
  fixtures: v.optional(v.picklist(['committed', 'seeded'])),
  runAs: v.optional(v.union([v.string(), v.number()])),
  showSeed: v.optional(v.boolean(), false),
});

/** @throws UsageError if it cannot be read, or is wrong */
export function readPolicy(file: string): Policy {
  const path = resolveFromCaller(file);
  const parsed = v.safeParse(policySchema, readYaml(file, path));
  if (!parsed.success) {
    throw new UsageError(parsed.issues.map((issue) => `${file}: ${describe(issue)}`));
  }
  const {week, checks, secretFile, fixtures, runAs, seed, total, ...rest} = parsed.output;
  for (const id of [...(checks ?? []), ...Object.keys(rest.points)]) requireCheck(file, id, week);
  for (const name of rest.unclaimed) requireClaim(file, name);
  requirePoints(file, parsed.output);
  if (seed !== undefined && secretFile !== undefined) {
    throw new UsageError(`${file}: seed and secretFile exclude each other`);
  }
  const secretPath = secretFile === undefined ? undefined : resolve(dirname(path), secretFile);
  return {
    ...rest,
    week,
    seed,
    total,
    checks: checks === undefined ? undefined : new Set(checks),
    unclaimed: new Set(rest.unclaimed),
    deadlines: deadlines(file, rest.deadlines),
    secret: secretPath === undefined ? undefined : readSecret(secretPath),
    seededFixtures: (fixtures ?? (secretPath === undefined ? 'committed' : 'seeded')) === 'seeded',
    runAs: runAs === undefined ? undefined : String(runAs),
    hiddenFiles: [path, ...(secretPath === undefined ? [] : [secretPath])],
  };
}

/** @throws UsageError */
export function readSecret(path: string): Buffer {
  let secret: Buffer;
  try {
    secret = readInput(path, FILE_BYTES_MAX);
  } catch (error) {
    throw new UsageError(`the secret cannot be read: ${(error as Error).message}`, {cause: error});
  }
  if (secret.length >= SECRET_BYTES_MIN) return secret;
  throw new UsageError(
    `${path}: a secret has at least ${SECRET_BYTES_MIN} bytes; make one: head -c 32 /dev/urandom > ${path}`,
  );
}

function readYaml(file: string, path: string): unknown {
  try {
    return parse(readInput(path, FILE_BYTES_MAX).toString());
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`.split('\n'), {cause: error});
  }
}

function describe(issue: v.InferIssue<typeof policySchema>): string {
  const path = v.getDotPath(issue);
  const known = Object.keys(policySchema.entries);
  if (issue.expected === 'never' && path !== null && !known.includes(path)) {
    const nearest = nearestName(path, known);
    const advice =
      nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    return `unknown key ${path}; ${advice}`;
  }
  return path === null ? issue.message : `${path}: ${issue.message}`;
}

function requireCheck(file: string, id: string, week: number): void {
  if (checksOf(week).some((check) => check.id === id)) return;
  if (checkIds().includes(id)) throw new UsageError(`${file}: ${id} is not valid in week ${week}`);
  const nearest = nearestName(id, checkIds());
  const advice = nearest === undefined ? 'kv checks lists them' : `did you mean ${nearest}?`;
  throw new UsageError(`${file}: there is no check ${id}; ${advice}`);
}

/** What a check can be about, and a kv.yaml need not claim. */
function requireClaim(file: string, name: string): void {
  const known = [...FILE_FORMATS, ...STRETCH_TASKS];
  if ((known as readonly string[]).includes(name)) return;
  throw new UsageError(
    `${file}: unclaimed: there is no format or optional task ${name}; ${nearestOf(name, known)}`,
  );
}

/** With nothing to be earned there would never be any marks. */
function requirePoints(file: string, policy: v.InferOutput<typeof policySchema>): void {
  const marked = checksOf(policy.week).filter(({id}) => policy.checks?.includes(id) ?? true);
  if (marked.some((check) => (policy.points[check.id] ?? pointsOf(check)) > 0)) return;
  throw new UsageError(`${file}: points: all checks that are marked have 0 points`);
}

function deadlines(
  file: string,
  written: readonly {readonly until: string; readonly percent: number}[],
): Deadline[] {
  const dated = written.map(({until, percent: share}) => ({
    until: new Date(until),
    percent: share,
  }));
  const late = dated.findIndex(({until}, index) => {
    const before = dated[index - 1];
    return before !== undefined && until <= before.until;
  });
  if (late === -1) return dated;
  throw new UsageError(`${file}: deadlines.${late}: it is not after the one before`);
}
