import type {ChildProcess} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {ended, startNode} from '../cli/run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

function start(...args: string[]): ChildProcess {
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  return startNode(['bin/kv.mjs', ...args], {env});
}

/** Long enough for 30,000 requests on a busy machine. */
const PATIENCE_MS = 120_000;

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(20);
  }
}

/** What it has printed so far. */
function output(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

it('grades the failing check after each save, and moves on once it passes', async () => {
  await ended(start('init', '.', '--lang', 'javascript'));
  const child = start('watch');
  const printed = output(child);
  const waits = (times: number) =>
    until(`wait ${times}`, () => printed().split('waiting for a save').length > times);
  await waits(1);
  expect(printed()).toContain('FAIL         replay-week-01-short');

  // As it was called: in this folder.
  expect(printed()).toMatch(/again +kv grade 1 --check replay-week-01-short --seed \d+\n/);

  const file = join(folder, 'server.mjs');
  const source = readFileSync(file, 'utf8');
  // Saved without a change: nothing to do.
  writeFileSync(file, source);
  const half = source
    .replace('function answer(', 'const store = new Map();\nfunction answer(')
    .replace(
      /return \{status: 501.*/,
      `if (method === 'PUT') store.set(key, value);
       return store.has(key) ? {status: 200, body: store.get(key).slice(0, 20_000)} : {status: 404, body: ''};`,
    );
  writeFileSync(file, half);
  await waits(2);
  expect(printed()).toContain('kv watch: changed: server.mjs');
  // The short file passes now, and value-long, behind it, has failed.
  expect(printed()).toMatch(/pass {9}replay-week-01-short[^]*FAIL {9}value-long/);

  const {stdout} = await ended(start('progress'));
  expect(stdout).toMatch(/week 1 {2}█+░+ +\d of 8 {2}value-long does not pass, since \d{4}-/);
  expect(stdout).toMatch(/week 2 {2}░{20} +0 of \d+ {2}not begun/);

  writeFileSync(file, half.replace('.slice(0, 20_000)', ''));
  await until('the end of the week', () =>
    printed().includes('week 1 passes; for the next one, set `week: 2`'),
  );
  child.kill('SIGTERM');
  await until('its end', () => child.exitCode !== null || child.signalCode !== null);

  const after = await ended(start('progress', '--json', '-'));
  const {weeks} = JSON.parse(after.stdout) as {weeks: object[]};
  expect(weeks[0]).toMatchObject({week: 1, checks: 8, passed: 8});
});
