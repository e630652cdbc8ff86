import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseKvYaml, readKvYaml} from '../../src/config/kv-yaml.ts';
import {UsageError} from '../../src/errors.ts';

const COMMAND = 'command: ./server --port {port} --data {dataDir}';

function problemsOf(text: string): string {
  return linesOf(text).join('\n');
}

function linesOf(text: string): readonly string[] {
  try {
    parseKvYaml(text, 'kv.yaml');
  } catch (error) {
    if (error instanceof UsageError) return error.lines;
    throw error;
  }
  throw new Error('expected a UsageError');
}

describe('a kv.yaml that is right', () => {
  it('may say everything', () => {
    const text = `# everything
week: 3
build: go build -o server .
${COMMAND}
ready: 1.5s
routes: { put: "/{key}", get: "/keys/{key}", delete: "/{key}", scan: "/s?b={end}&a={start}" }
body: json:value
files: { sstable: "data/*.json", wal: log }
stretch: [negative-cache]
small: ./server --port {port} --memtable 16
env: { RUST_LOG: warn, SEED: 007, DEBUG: true, EMPTY: }
`;
    expect(parseKvYaml(text, 'kv.yaml')).toEqual({
      week: 3,
      build: 'go build -o server .',
      command: './server --port {port} --data {dataDir}',
      ready: 1500,
      routes: {put: '/{key}', get: '/keys/{key}', delete: '/{key}', scan: '/s?b={end}&a={start}'},
      body: 'json:value',
      files: {sstable: 'data/*.json', wal: 'log'},
      stretch: ['negative-cache'],
      small: './server --port {port} --memtable 16',
      env: {RUST_LOG: 'warn', SEED: '007', DEBUG: 'true', EMPTY: ''},
    });
  });

  it.for([
    ['ready: 500ms', {ready: 500}],
    ['ready: 10s', {ready: 10_000}],
    ['ready: 1m', {ready: 60_000}],
    ['week: "8"', {week: 8}],
    ['files: none', {files: 'none'}],
    ['files: series', {files: 'series'}],
    ['body: json-string', {body: 'json-string'}],
    ['stretch: []', {stretch: []}],
    ["command: awk '{print}' ${PORT} {a,b}", {command: "awk '{print}' ${PORT} {a,b}"}],
  ] as const)('%s', ([text, settings]) => {
    expect(parseKvYaml(`\uFEFF${text}\r\n`, 'kv.yaml')).toEqual(settings);
  });
});

describe('a kv.yaml that is wrong', () => {
  it('is told all that is wrong, in the order of the lines, with examples', () => {
    const text = `weeks: 3
comand: x
ready: 10
routes: {gett: "/a"}
files: {sstables: x}
body: jsn
`;
    expect(problemsOf(text)).toBe(`kv.yaml:1: unknown key weeks; did you mean week?
kv.yaml:2: unknown key comand; did you mean command?
kv.yaml:3: ready: expected a duration from 1ms to 10m, with its unit: ms, s or m
  got:     10
  example: ready: 10s
kv.yaml:4: unknown key routes.gett; did you mean get?
kv.yaml:5: unknown key files.sstables; did you mean sstable?
kv.yaml:6: body: expected raw, json:<field> or json-string
  got:     jsn
  example: body: json:value`);
  });

  it.for([
    ['week: 9', /kv\.yaml:1: week: expected a week from 1 to 8\n {2}got: {5}9/],
    ['week: 3.5', /week: expected a week from 1 to 8/],
    ['week: [3]', /got: {5}\["3"\]/],
    ['ready: 20m', /got: {5}20m/],
    ['ready: 0s', /expected a duration/],
    ['command: {a: b}', /command: expected a shell command\n {2}got: {5}\{"a":"b"\}/],
    ['command:', /command: expected a shell command\n {2}got: {5}""/],
    ['build: "  "', /build: expected a shell command/],
    ['command: ./x {data_dir}', /in which only \{port\} and \{dataDir\} are filled in/],
    ['command: ./x {prot}', /is \{prot\} meant to be \{port\}\?/],
    ['small: ./x {PORT}', /small: .* only \{port\} and \{dataDir\}/],
    ['routes: "/{key}"', /routes: expected a map of put, get, delete and scan/],
    ['routes: ["/{key}"]', /routes: expected a map/],
    ['a: 1\nroutes:\n  put: "/x"', /kv\.yaml:3: routes\.put: expected a path .* with \{key\}/],
    ['routes: {put: "/{key}/{key}"}', /routes\.put: expected a path/],
    ['routes: {put: "{key}"}', /routes\.put: expected a path that begins with \//],
    ['routes: {scan: "/s?{start}"}', /routes\.scan: .* with \{start\} and \{end\}/],
    [`files: {wal: "${'*'.repeat(201)}"}`, /files\.wal: expected a glob pattern of at most 200/],
    ['files: all', /files: expected series, none, or a map/],
    ['files: [wal]', /files: expected series, none, or a map/],
    ['stretch: negative-cache', /stretch: expected a list/],
    [
      'stretch:\n- negative-cache\n- negativ-cach',
      /kv\.yaml:3: stretch\.1: expected an optional task; did you mean negative-cache\?/,
    ],
    ['stretch: [raft]', /stretch\.0: expected an optional task; known are negative-cache/],
    ['env: [A]', /env: expected a map/],
    ['env: {"a b": c}', /env\.a b: expected the name of a variable/],
    ['env: {A: [b]}', /env\.A: expected a text/],
    ['- week', /expected a map/],
    ['', /kv\.yaml: is empty/],
    ['# nothing', /is empty/],
  ] as const)('%j', ([text, problem]) => {
    expect(problemsOf(text)).toMatch(problem);
  });

  it.for([
    ['week: 1\nweek: 2', /^kv\.yaml:2: Map keys must be unique$/],
    [
      'routes: { put: /{key} }',
      /^kv\.yaml:1: .*\n {2}text with \{…\} needs quotes: put: "\/\{key\}"$/,
    ],
    ['\tweek: 1', /^kv\.yaml:1: Tabs are not allowed/],
    ['week: 1\ncommand: "abc', /^kv\.yaml:2: Missing closing/],
    ['week: 1\n---\nweek: 2', /^kv\.yaml:2: Source contains multiple documents$/],
    ['week: *x', /Unresolved alias/],
  ] as const)('syntax: %j', ([text, problem]) => {
    expect(problemsOf(text)).toMatch(problem);
  });

  it('does not go down without end', () => {
    expect(problemsOf('['.repeat(30_000))).toMatch(/^kv\.yaml:1: .* nested too deeply$/);
  });

  it('quotes what is written without making it a line', () => {
    const text = '"a\\n::error::b\\e[31m": 1\nweek: "1\\n::error::c"\n';
    // Each line is escaped when it is printed.
    expect(linesOf(text)).toEqual([
      expect.stringMatching(/^kv\.yaml:1: unknown key a\n::error::b/),
      expect.stringMatching(/^kv\.yaml:2: week: expected/),
      '  got:     1\n::error::c',
      '  example: week: 3',
    ]);
  });

  it('does not expand aliases without end', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
    }
    expect(problemsOf(lines.join('\n'))).toMatch(/alias/i);
  });
});

describe('readKvYaml', () => {
  it('is undefined without a file, and says what cannot be read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
    try {
      expect(readKvYaml(folder)).toBeUndefined();
      writeFileSync(join(folder, 'kv.yml'), 'week: 2');
      expect(() => readKvYaml(folder)).toThrow(/kv\.yml: it must be named kv\.yaml/);
      writeFileSync(join(folder, 'kv.yaml'), 'week: 2');
      expect(readKvYaml(folder)).toEqual({week: 2});
      writeFileSync(join(folder, 'kv.yaml'), '#'.repeat(70_000));
      expect(() => readKvYaml(folder)).toThrow(/larger than 64 KiB/);
      rmSync(join(folder, 'kv.yaml'));
      mkdirSync(join(folder, 'kv.yaml'));
      expect(() => readKvYaml(folder)).toThrow(UsageError);
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});
