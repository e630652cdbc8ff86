import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, test} from 'vitest';
import type {ReplayDocument} from '../../src/report/replay-json.ts';
import type {Fault} from '../replay/fake-server.ts';
import {replaying} from '../replay/replaying.ts';
import {type Ended, ended, startNode} from './run.ts';

const VALIDATOR = fileURLToPath(new URL('../..', import.meta.url));
const setup = replaying();
const folder = mkdtempSync(join(tmpdir(), 'kv-replay-cli-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const LINES = 'PUT a 007\nGET a 007\nSCAN a b a\nDELETE a\nGET a NOT_FOUND\n';

async function kvReplay(lines: string, ...args: readonly string[]): Promise<Ended> {
  writeFileSync(join(folder, 'test.txt'), lines);
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  const bin = join(VALIDATOR, 'bin/kv.mjs');
  return await ended(startNode([bin, 'replay', 'test.txt', ...args], {env}));
}

async function url(fault?: Fault): Promise<string> {
  return `http://127.0.0.1:${(await setup.server(fault)).address.port}`;
}

/** Acknowledges a PUT of some values, and forgets them. */
function forgetting(...values: readonly string[]): Fault {
  return ({method, body, response}) => {
    if (method !== 'PUT' || !values.includes(body)) return false;
    response.end(body);
    return true;
  };
}

describe('kv replay', () => {
  test('a correct server: 0, and a summary', async () => {
    const {exitCode, stdout, stderr} = await kvReplay(LINES, '--url', await url());
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''});
    expect(stdout).toMatch(/^test\.txt: PASS: 5 of 5 requests answered, 0 wrong answers$/m);
    expect(stdout).toMatch(/over 1 connection$/m);
  });

  test('wrong answers: 1, each with its file, line, caret and the key’s life', async () => {
    const lines = 'PUT a abc\nPUT a abd\nGET a abd\nPUT b v\nGET b v\n';
    const address = await url(forgetting('abd', 'v'));
    const {exitCode, stdout} = await kvReplay(lines, '--url', address);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      [
        'test.txt:3  GET a abd',
        '  a wrong value was read',
        '  expected  "abd"',
        '  got       "abc"',
        '               ^',
      ].join('\n'),
    );
    expect(stdout).toContain('line 1  PUT a = abc\n            line 2  PUT a = abd');
    expect(stdout).toContain('test.txt:5  GET b v\n  a written key was not found');
    expect(stdout).toMatch(/FAIL: 5 of 5 requests answered, 2 wrong answers$/m);
  });

  test('only the first of many wrong answers are shown, and --max-failures ends it', async () => {
    const lines = `PUT a v\n${'GET a v\n'.repeat(50)}`;
    const all = await kvReplay(lines, '--url', await url(forgetting('v')));
    expect(all.stdout.match(/^test\.txt:\d+ /gm)).toHaveLength(5);
    expect(all.stdout).toContain('and 45 more wrong answers');
    const address = await url(forgetting('v'));
    const few = await kvReplay(lines, '--url', address, '--max-failures', '3');
    expect(few).toMatchObject({exitCode: 1});
    expect(few.stdout).toMatch(/FAIL: 4 of 51 requests answered, 3 wrong answers$/m);
  });

  test('blocks that were never concurrent: 2', async () => {
    const lines = 'PUT a 1\nPUT b 1\nBARRIER\n';
    const {exitCode, stdout} = await kvReplay(lines, '--url', await url(), '--concurrency', '1');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/NO VERDICT/);
    expect(stdout).toMatch(/never were two requests in flight at once/);
  });

  test('--json - writes the whole result and nothing else', async () => {
    const {exitCode, stdout, stderr} = await kvReplay(
      'PUT a v\nGET a v\n',
      '--url',
      await url(forgetting('v')),
      '--json',
      '-',
    );
    const document = JSON.parse(stdout) as ReplayDocument;
    expect({exitCode, stderr}).toEqual({exitCode: 1, stderr: ''});
    expect(document).toMatchObject({
      schema: 'kv-replay/1',
      fixture: 'test.txt',
      exitCode: 1,
      end: 'complete',
      failureCount: 1,
      failures: [{kind: 'value', permitted: ['v'], value: null, request: {line: 2}}],
      breakdown: null,
    });
  });

  test('--json and --history are written where the caller is', async () => {
    const args = ['--url', await url(), '--json', 'result.json', '--history', 'history.jsonl'];
    const {exitCode} = await kvReplay(LINES, ...args);
    expect(exitCode).toBe(0);
    const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as ReplayDocument;
    expect(result.answered).toBe(5);
    expect(readFileSync(join(folder, 'history.jsonl'), 'utf8').split('\n')).toHaveLength(6);
  });

  test('the same by undici', async () => {
    const {exitCode} = await kvReplay(LINES, '--url', await url(), '--client', 'undici');
    expect(exitCode).toBe(0);
  });

  test('a server that it starts itself may be stopped', async () => {
    writeFileSync(join(folder, 'server.mjs'), FORGETFUL_SERVER);
    const lines = 'PUT a 1\nGET a 1\nRESTART\nGET a 1\n';
    const command = `'${process.execPath}' server.mjs {port}`;
    const {exitCode, stdout} = await kvReplay(lines, '--command', command);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('line 1  PUT a = 1\n            line 3  RESTART');
  });

  test('what fails can be cut to the lines that matter', async () => {
    writeFileSync(join(folder, 'server.mjs'), FORGETFUL_SERVER);
    const writes = Array.from({length: 9}, (_, number) => `PUT k ${number}\nGET k ${number}\n`);
    const lines = `PUT a 1\n${writes.join('')}RESTART\nGET a 1\nGET k 8\n`;
    const command = `'${process.execPath}' server.mjs {port}`;
    const first = await kvReplay(lines, '--command', command);
    expect(first.stdout).toMatch(
      /\nto cut it to the lines that matter:\n\n {2}kv replay test\.txt --command .* --shrink\n$/,
    );

    const args = ['--command', command, '--shrink', '60s', '--json', 'shrunk.json'];
    const {exitCode, stdout} = await kvReplay(lines, ...args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('smaller      3 lines, each of which is needed');
    expect(stdout).toMatch(/again +kv replay \.kv\/replays\/test-small\.txt --command /);
    const small = readFileSync(join(folder, '.kv/replays/test-small.txt'), 'utf8');
    expect(small).toContain('# from: test.txt\nPUT a 1\nRESTART\nGET a 1\n');
    const result = JSON.parse(readFileSync(join(folder, 'shrunk.json'), 'utf8')) as ReplayDocument;
    expect(result.smallest?.lines).toEqual(['PUT a 1', 'RESTART', 'GET a 1']);

    // Nothing is left to be cut.
    const again = await kvReplay(small, '--command', command);
    expect(again.exitCode).toBe(1);
    expect(again.stdout).not.toContain('--shrink');
  });

  test('what fails on every other start is told as such, with its rate', async () => {
    writeFileSync(join(folder, 'flaky.mjs'), FLAKY_SERVER);
    writeFileSync(join(folder, 'starts'), '');
    const command = `'${process.execPath}' flaky.mjs {port}`;
    const args = ['--command', command, '--shrink', '20s', '--json', 'flaky.json'];
    const {exitCode, stdout} = await kvReplay('PUT b 1\nGET b 1\nPUT a 1\nGET a 1\n', ...args);
    expect(exitCode).toBe(1);
    const text = stdout.replaceAll(/\s+/g, ' ');
    expect(text).toMatch(/lines; the failure is intermittent: it fails \d of \d+ times/);
    expect(text).toContain('if it passes, replay it once more');
    expect(text).not.toContain('is needed');
    const result = JSON.parse(readFileSync(join(folder, 'flaky.json'), 'utf8')) as ReplayDocument;
    expect(result.smallest).toMatchObject({isMinimal: false, isIntermittent: true});
    expect(result.smallest?.rate.failed).toBeGreaterThan(0);
  });

  test('a replay that takes longer than the time for it has not passed', async () => {
    writeFileSync(join(folder, 'slow.mjs'), SLOW_SERVER);
    const command = `'${process.execPath}' slow.mjs {port}`;
    const lines = `${'PUT a 1\n'.repeat(10)}GET a 1\n`;
    const {exitCode, stdout} = await kvReplay(lines, '--command', command, '--shrink', '1s');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('one replay of its requests takes longer than the time for it');
  });

  test('a server that ends by itself: 1, with its last output', async () => {
    writeFileSync(join(folder, 'server.mjs'), FORGETFUL_SERVER);
    const command = `'${process.execPath}' server.mjs {port}`;
    const {exitCode, stdout} = await kvReplay('PUT a 1\nPUT crash 1\n', '--command', command);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^test\.txt:2 {2}PUT crash 1\n {2}the server ended by itself: .*7/m);
    expect(stdout).toContain('out of luck');
  });

  test.each([
    [LINES, ['--url', 'http://example.com'], /only a server on this machine/],
    [LINES, ['--url', 'https://127.0.0.1'], /only http/],
    [LINES, [], /name a server: --url/],
    [LINES, ['--url', 'http://127.0.0.1:1', '--concurrency', '0'], /--concurrency 0: expected/],
    [LINES, ['--url', 'http://127.0.0.1:1', '--max-failures', 'x'], /--max-failures x: expected/],
    [LINES, ['--client', 'curl'], /--client/],
    [LINES, ['--url', 'http://127.0.0.1:1', '--shrink'], /--shrink needs .*, not --url/],
    [LINES, ['--command', 'x {port}', '--shrink', 'soon'], /--shrink soon: expected 0 or/],
    ['PUT a\n', ['--url', 'http://127.0.0.1:1'], /^kv: test\.txt, line 1/],
    [
      'PUT a 1\nGET a 2\n',
      ['--url', 'http://127.0.0.1:1'],
      /^kv: test\.txt:2: GET a expects 2, but line 1 wrote 1; the mistake is in the file/,
    ],
  ])('bad input is told, with 64: %j %j', async (lines, args, message) => {
    const {exitCode, stdout, stderr} = await kvReplay(lines, ...args);
    expect({exitCode, stdout}).toEqual({exitCode: 64, stdout: ''});
    expect(stderr).toMatch(message);
  });

  test('nothing is sent to a running server if a line would stop it', async () => {
    const server = await setup.server();
    const address = `http://127.0.0.1:${server.address.port}`;
    const before = server.requests;
    const {exitCode, stderr} = await kvReplay('PUT a 1\nKILL\n', '--url', address);
    expect(exitCode).toBe(64);
    expect(stderr).toMatch(/1 KILL, 0 RESTART.*nothing was sent/);
    expect(server.values.size).toBe(0);
    expect(server.requests - before).toBeLessThanOrEqual(1);
  });
});

/** Keeps its values in memory only, and ends when it is told the key `crash`. */
const FORGETFUL_SERVER = `
import {createServer} from 'node:http';
const values = new Map();
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    if (request.url === '/crash') {
      console.error('out of luck');
      process.exit(7);
    }
    if (request.method === 'PUT') values.set(request.url, body);
    const value = values.get(request.url);
    response.statusCode = value === undefined ? 404 : 200;
    response.end(value);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/** Answers every read wrongly, on every other start. */
const FLAKY_SERVER = `
import {appendFileSync, readFileSync} from 'node:fs';
import {createServer} from 'node:http';
appendFileSync('starts', '.');
const isWrong = readFileSync('starts').length % 2 === 1;
const values = new Map();
createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.method === 'PUT') values.set(request.url, Buffer.concat(chunks).toString());
  const value = values.get(request.url);
  response.statusCode = value === undefined ? 404 : 200;
  response.end(request.method === 'GET' && isWrong ? 'wrong' : value);
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/** Takes its time for each write, and then reads another value. */
const SLOW_SERVER = `
import {createServer} from 'node:http';
import {setTimeout} from 'node:timers/promises';
createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.method === 'PUT') await setTimeout(200);
  response.statusCode = request.method === 'PUT' || request.url === '/a' ? 200 : 404;
  response.end(request.method === 'PUT' ? Buffer.concat(chunks) : 'wrong');
}).listen(Number(process.argv[2]), '127.0.0.1');
`;
