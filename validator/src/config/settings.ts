/**
 * What can be said about a project, in kv.yaml or by flags (docs/contract.md,
 * "kv.yaml"), and what each of it must look like.
 *
 * Every scalar is text here, also those that YAML would take for numbers: `007`
 * in `env` stays `007`, and a flag and a line of YAML are judged by one schema.
 */

import * as v from 'valibot';
import {nearestOf} from '../nearest-of.ts';
import {durationMs} from './duration.ts';
import {wrongPlaceholder} from './placeholders.ts';

/** Formats of files that can be claimed one by one. */
export const FILE_FORMATS = ['sstable', 'manifest', 'wal', 'bloom'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** The series' formats of the week, none, or the given ones at glob patterns in the data folder. */
export type FileClaims =
  | 'series'
  | 'none'
  | Readonly<Partial<Record<FileFormat, string | undefined>>>;

const WEEK_LAST = 8;
const READY_MS_MAX = 600_000;

// The message of each schema says what is expected, for error messages.

function text(expected: string) {
  return v.pipe(v.string(expected), v.regex(/\S/, expected));
}

function command(expected: string) {
  return v.pipe(
    text(expected),
    v.check(
      (written) => wrongPlaceholder(written) === undefined,
      ({input}) => `${expected}, in which ${wrongPlaceholder(input) ?? ''}`,
    ),
  );
}

/** What http/routes.ts can fill in. */
function route(...names: readonly string[]) {
  const placeholders = names.map((name) => `{${name}}`);
  const expected = `a path that begins with /, with ${placeholders.join(' and ')} in it once`;
  return v.optional(
    v.pipe(
      v.string(expected),
      v.regex(/^\/[\x21-\x7e]*$/, expected),
      v.check((path) => {
        const found: readonly string[] = path.match(/\{[^}]*\}/g) ?? [];
        return found.length === names.length && placeholders.every((name) => found.includes(name));
      }, expected),
    ),
  );
}

/** A map and nothing else: valibot's objects take lists as well. */
function map<Schema extends v.GenericSchema>(expected: string, schema: Schema) {
  return v.lazy((input) =>
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? schema
      : v.never(expected),
  );
}

const DURATION = 'a duration from 1ms to 10m, with its unit: ms, s or m';
const duration = v.pipe(
  v.string(DURATION),
  v.check((written) => durationMs(written) >= 1 && durationMs(written) <= READY_MS_MAX, DURATION),
  v.transform(durationMs),
);

const BODY = 'raw, json:<field> or json-string';
const body = v.pipe(v.string(BODY), v.regex(/^(raw|json-string|json:.+)$/, BODY));

const FILES = `series, none, or a map of ${FILE_FORMATS.join(', ')} to glob patterns`;
const PATTERN = 'a glob pattern of at most 200 characters, relative to the data folder';
const pattern = v.optional(v.pipe(text(PATTERN), v.maxLength(200, PATTERN)));
const files = v.lazy((input) =>
  typeof input === 'object'
    ? map(FILES, v.object(fileEntries))
    : v.picklist(['series', 'none'], FILES),
);
const fileEntries = {sstable: pattern, manifest: pattern, wal: pattern, bloom: pattern};

const routeEntries = {
  put: route('key'),
  get: route('key'),
  delete: route('key'),
  scan: route('start', 'end'),
};

const WEEK = `a week from 1 to ${WEEK_LAST}`;
const week = v.pipe(
  v.string(WEEK),
  v.regex(new RegExp(`^[1-${WEEK_LAST}]$`), WEEK),
  v.transform(Number),
);

/** The optional tasks that can be claimed (docs/contract.md, "Weeks"). */
export const STRETCH_TASKS = ['negative-cache'] as const;
const STRETCH = 'a list of names of optional tasks';
const taskName = v.pipe(
  v.string(STRETCH),
  v.check(
    (written) => (STRETCH_TASKS as readonly string[]).includes(written),
    ({input}) => `an optional task; ${nearestOf(input, STRETCH_TASKS)}`,
  ),
);
const variableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_]\w*$/, 'the name of a variable: letters, digits and _'),
);

const entries = {
  week: v.optional(week),
  build: v.optional(text('a shell command')),
  command: v.optional(command('a shell command')),
  ready: v.optional(duration),
  routes: v.optional(map('a map of put, get, delete and scan to paths', v.object(routeEntries))),
  body: v.optional(body),
  files: v.optional(files),
  stretch: v.optional(v.array(taskName, STRETCH)),
  small: v.optional(command('a shell command')),
  env: v.optional(map('a map of variables to texts', v.record(variableName, v.string('a text')))),
};

export const settingsSchema = map('a map', v.object(entries));

/** The keys that each map takes, by the path of the map. `env` takes any. */
export const KNOWN_KEYS: ReadonlyMap<string, readonly string[]> = new Map<
  string,
  readonly string[]
>([
  ['', Object.keys(entries)],
  ['routes', Object.keys(routeEntries)],
  ['files', FILE_FORMATS],
]);

/** Checked, and with `ready` in milliseconds. What was not said is undefined. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/** One of each, as it stands in kv.yaml. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  week: 'week: 3',
  build: 'build: go build -o server .',
  command: 'command: ./server --port {port} --data {dataDir}',
  ready: 'ready: 10s',
  routes: 'routes: { get: "/keys/{key}", scan: "/scan?start={start}&end={end}" }',
  body: 'body: json:value',
  files: 'files: series',
  stretch: 'stretch: [negative-cache]',
  small: 'small: ./server --port {port} --data {dataDir} --memtable 16',
  env: 'env: { RUST_LOG: warn }',
};
