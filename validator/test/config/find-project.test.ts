import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {claimedFiles} from '../../src/config/file-claims.ts';
import {findProject, type ProjectFlags} from '../../src/config/find-project.ts';
import {UsageError} from '../../src/errors.ts';

let caller: string;
let initCwd: string | undefined;

beforeEach(() => {
  caller = mkdtempSync(join(tmpdir(), 'kv-test-'));
  initCwd = process.env['INIT_CWD'];
  process.env['INIT_CWD'] = caller;
});

afterEach(() => {
  if (initCwd === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = initCwd;
  rmSync(caller, {recursive: true});
});

function writeKvYaml(text: string, folder = '.'): void {
  mkdirSync(join(caller, folder), {recursive: true});
  writeFileSync(join(caller, folder, 'kv.yaml'), text);
}

const DEFAULTS = {
  routes: {put: '/{key}', get: '/{key}', delete: '/{key}', scan: '/scan?start={start}&end={end}'},
  body: 'raw',
  files: 'none',
  stretch: [],
};

describe('findProject', () => {
  it('takes the reference weeks when nothing else is named', () => {
    expect(findProject({})).toEqual({kind: 'reference', source: 'no kv.yaml in this folder'});
    expect(findProject({week: '3'})).toMatchObject({kind: 'reference'});
  });

  it("takes the kv.yaml in the caller's folder", () => {
    writeKvYaml('week: 2\ncommand: ./run {port}\n');
    expect(findProject({})).toEqual({
      kind: 'command',
      source: 'kv.yaml in this folder',
      week: 2,
      folder: caller,
      command: './run {port}',
      smallCommand: undefined,
      buildCommand: undefined,
      readyTimeoutMs: 10_000,
      env: {},
      ...DEFAULTS,
    });
  });

  it('takes the one in the folder of --in, relative to the caller', () => {
    writeKvYaml('command: ./run\nsmall: ./run -s\nbuild: make\nready: 1s\nenv: {A: b}', 'mine');
    expect(findProject({in: 'mine'})).toMatchObject({
      source: 'kv.yaml in mine',
      folder: join(caller, 'mine'),
      smallCommand: './run -s',
      buildCommand: 'make',
      readyTimeoutMs: 1000,
      env: {A: 'b'},
      week: undefined,
    });
  });

  it('lets flags override kv.yaml, routes and variables one by one', () => {
    writeKvYaml(
      'week: 1\ncommand: ./run\nbody: raw\nroutes: {get: "/g/{key}", put: "/p/{key}"}\nenv: {A: x, B: y}',
    );
    const flags: ProjectFlags = {
      week: '2',
      command: './other',
      ready: '2s',
      body: 'json:v',
      route: ['get=/get/{key}'],
      files: 'sstable=*.json,manifest=M',
      stretch: 'negative-cache, negative-cache',
      env: ['A=b=c', 'D='],
    };
    expect(findProject(flags)).toMatchObject({
      week: 2,
      command: './other',
      readyTimeoutMs: 2000,
      body: 'json:v',
      routes: {...DEFAULTS.routes, get: '/get/{key}', put: '/p/{key}'},
      files: {sstable: '*.json', manifest: 'M'},
      stretch: ['negative-cache', 'negative-cache'],
      env: {A: 'b=c', B: 'y', D: ''},
    });
  });

  it('needs no kv.yaml with --command', () => {
    expect(findProject({command: './run', files: 'series'})).toMatchObject({
      kind: 'command',
      source: 'the command line',
      folder: caller,
      files: 'series',
    });
  });

  it('takes how to talk to a running server from kv.yaml, too', () => {
    writeKvYaml('week: 2\ncommand: ./run\nbody: json-string');
    expect(findProject({url: 'http://127.0.0.1:8080'})).toEqual({
      kind: 'url',
      source: 'kv.yaml in this folder',
      week: 2,
      url: 'http://127.0.0.1:8080',
      ...DEFAULTS,
      body: 'json-string',
    });
  });

  it.for([
    [{url: 'http://127.0.0.1', command: 'x'}, /exclude each other/],
    [{in: 'nowhere'}, /^--in nowhere: there is no folder/],
    [{in: '.'}, /there is no kv\.yaml in this folder, and no --command/],
    [{files: 'series'}, /^--files needs a project/],
    [{route: ['get=/{key}']}, /^--route needs a project/],
    [{week: '9'}, /^command line: week: expected a week from 1 to 8\n {2}got: {5}9/],
    [{command: 'x', ready: '10'}, /^command line: ready: expected a duration/],
    [
      {command: 'x', route: ['gett=/{key}']},
      /^command line: unknown key routes\.gett; did you mean get/,
    ],
    [{command: 'x', env: ['A']}, /^--env A: expected name=value/],
    [{command: 'x', files: 'wall=x'}, /^command line: unknown key files\.wall; did you mean wal\?/],
  ] as const)('%j: %s', ([flags, says]) => {
    expect(() => findProject(flags)).toThrow(UsageError);
    expect(() => findProject(flags)).toThrow(says);
  });

  it('does not fall back to the references when kv.yaml is wrong or has no command', () => {
    writeKvYaml('week: 1');
    expect(() => findProject({})).toThrow(/kv\.yaml in this folder has no `command:`/);
    writeKvYaml('comand: x');
    expect(() => findProject({})).toThrow(/kv\.yaml:1: unknown key comand/);
  });
});

describe('claimedFiles', () => {
  it('are the formats of the week', () => {
    expect(claimedFiles('series', 1).size).toBe(0);
    expect(Object.fromEntries(claimedFiles('series', 3))).toEqual({
      sstable: 'sst-*.json',
      manifest: 'MANIFEST',
      wal: 'wal.db',
    });
    expect([...claimedFiles('series', 8).keys()]).toEqual(['sstable', 'manifest', 'bloom']);
  });

  it('may be elsewhere, or none', () => {
    const claims = {sstable: 'data/*.json', wal: 'log'};
    expect(Object.fromEntries(claimedFiles(claims, 2))).toEqual({sstable: 'data/*.json'});
    expect(claimedFiles('none', 3).size).toBe(0);
  });
});
