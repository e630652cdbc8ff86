import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {CommanderError} from 'commander';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {historyCommand} from '../../src/commands/history.ts';
import {UsageError} from '../../src/errors.ts';

const before = {initCwd: process.env['INIT_CWD'], noColor: process.env['NO_COLOR']};
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kv-history-command-'));
  process.env['INIT_CWD'] = folder;
  process.env['NO_COLOR'] = '1';
});

afterEach(async () => {
  restore('INIT_CWD', before.initCwd);
  restore('NO_COLOR', before.noColor);
  process.exitCode = undefined;
  await rm(folder, {recursive: true, force: true});
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

async function check(
  lines: readonly object[],
  ...args: readonly string[]
): Promise<{printed: string; exitCode: unknown; error: unknown}> {
  await writeFile(
    join(folder, 'h.jsonl'),
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  const stdout = new PassThrough();
  let printed = '';
  stdout.on('data', (chunk) => (printed += chunk));
  const command = historyCommand(stdout);
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({writeErr: () => {}});
  }
  process.exitCode = undefined;
  let error: unknown;
  try {
    await command.parseAsync(['check', 'h.jsonl', ...args], {from: 'user'});
  } catch (caught) {
    error = caught;
  }
  return {printed, exitCode: process.exitCode, error};
}

const PUT = {op: 'put', key: 'apple', value: '7', invokeUs: 0, returnUs: 5, connection: 1};
const GET = {op: 'get', key: 'apple', value: '7', invokeUs: 6, returnUs: 8, connection: 2};
const LOST = {op: 'get', key: 'apple', value: null, invokeUs: 9, returnUs: 11, connection: 1};
const DELETE = {op: 'delete', key: 'pear', invokeUs: 9, returnUs: 10};

test('a linearizable history', async () => {
  const {printed, exitCode} = await check([PUT, GET, DELETE]);
  expect(exitCode).toBe(0);
  expect(printed).toBe(
    '3 requests, 2 keys: 2 decided by sorting, 0 by search (0 steps)\nh.jsonl: linearizable\n',
  );
});

test('one that is not, with the reason', async () => {
  const {printed, exitCode} = await check([PUT, GET, DELETE, LOST]);
  expect(exitCode).toBe(1);
  expect(printed).toBe(
    [
      'apple: no order of its requests explains GET: 404',
      '',
      '  |---|         line 1  PUT "7"',
      '         |---|  line 4  GET: 404',
      '',
      '4 requests, 2 keys: 2 decided by sorting, 0 by search (0 steps)',
      'h.jsonl: NOT linearizable',
      '',
    ].join('\n'),
  );
});

test('as JSON, whose operations are a history again', async () => {
  const scan = {op: 'scan', start: 'a', end: 'z', keys: [], invokeUs: 9, returnUs: 11};
  const {printed, exitCode} = await check([PUT, DELETE, scan], '--json');
  expect(exitCode).toBe(1);
  const document = JSON.parse(printed);
  expect(document).toMatchObject({
    schema: 'kv-history/1',
    file: 'h.jsonl',
    model: 'register',
    exitCode: 1,
    verdict: 'not-linearizable',
    scans: {count: 1, checkedAs: 'reads', reason: 'pear is not only put and read: delete'},
    counterexample: {key: 'apple'},
  });
  const again = await check(document.counterexample.operations);
  expect(again.exitCode).toBe(1);
});

test('scans as snapshots are named', async () => {
  const scan = {op: 'scan', start: 'a', end: 'z', keys: ['apple'], invokeUs: 9, returnUs: 11};
  expect((await check([PUT, scan])).printed).toContain('1 scan, each held against one moment\n');
});

test('text of a server is escaped', async () => {
  const {printed} = await check([{...GET, key: '\u001b[31m', value: 'a\nb'}]);
  expect(printed).toContain('\\x1b[31m: GET: "a\\nb", which nobody has written\n');
});

test('an undecided one', async () => {
  const puts = Array.from({length: 60}, (_, index) => ({
    ...PUT,
    value: `${index % 30}`,
    invokeUs: 0,
    returnUs: 100,
  }));
  const gets = ['1', '2', '3', '1'].map((value, index) => {
    return {...GET, value, invokeUs: 101 + 2 * index, returnUs: 102 + 2 * index};
  });
  const {printed, exitCode} = await check([...puts, ...gets]);
  expect(exitCode).toBe(2);
  expect(printed).toContain('given up, too many orders are possible: apple\n');
  expect(printed).toMatch(/h\.jsonl: undecided\n$/);
});

test('another model', async () => {
  const swap = {
    op: 'cas',
    key: 'apple',
    from: '7',
    to: '8',
    succeeded: true,
    invokeUs: 6,
    returnUs: 7,
  };
  expect((await check([PUT, swap], '--model', 'cas-register')).exitCode).toBe(0);
  const {error} = await check([PUT, swap]);
  expect(error).toBeInstanceOf(UsageError);
  expect(String(error)).toContain('h.jsonl, line 2: the model register has no "cas"');
});

test('bad input', async () => {
  expect(String((await check([])).error)).toContain('h.jsonl: there is no answered request in it');
  expect((await check([PUT], '--model', 'queue')).error).toBeInstanceOf(CommanderError);
});

test('what the documentation shows is so', async () => {
  const page = new URL('../../../docs/histories.md', import.meta.url);
  const text = await readFile(page, 'utf8');
  const example = /<!-- example: a history -->\n```json\n([^`]*)```/.exec(text)?.[1] ?? '';
  const lines = example.trim().split('\n');
  expect(lines.length).toBeGreaterThan(3);
  const {exitCode} = await check(lines.map((line) => JSON.parse(line) as object));
  expect(exitCode).toBe(0);

  const output = /<!-- output: a counter-example -->\n```\n([^`]*)```/.exec(text)?.[1] ?? '';
  const second = {...PUT, value: '8', invokeUs: 6, returnUs: 8};
  const seen = {...GET, value: '8', invokeUs: 7, returnUs: 9};
  const {printed} = await check([PUT, second, seen, {...GET, invokeUs: 10, returnUs: 12}]);
  expect(printed.startsWith(output)).toBe(true);
});

test('what the chapter of week 8 shows is so', async () => {
  const text = await readFile(new URL('../../../docs/weeks/08.md', import.meta.url), 'utf8');
  const example = /<!-- example: a history -->\n```json\n([^`]*)```/.exec(text)?.[1] ?? '';
  const output = /<!-- output: a counter-example -->\n```\n([^`]*)```/.exec(text)?.[1] ?? '';
  const lines = example.trim().split('\n');
  const {exitCode, printed} = await check(lines.map((line) => JSON.parse(line) as object));
  expect(exitCode).toBe(1);
  expect(output).toContain('no order');
  expect(printed.startsWith(output)).toBe(true);
});
