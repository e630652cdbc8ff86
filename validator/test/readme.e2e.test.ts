import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, describe, expect, it} from 'vitest';
import {stableOutput} from './mutants/grade-mutant.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const KV = fileURLToPath(new URL('../bin/kv.mjs', import.meta.url));
const LINES_MAX = 40;

/** The fenced block behind a marker such as `<!-- example: server.py -->`. */
function block(marker: string): string {
  const start = README.indexOf(`<!-- ${marker} -->\n`);
  const fenced = /```[a-z]*\n([\s\S]*?)```/.exec(README.slice(start));
  if (start === -1 || fenced?.[1] === undefined) throw new Error(`README.md has no ${marker}`);
  return fenced[1];
}

const hasPython = spawnSync('python3', ['--version']).status === 0;

// Only Node is needed to run the tests; without Python this is shown as skipped.
describe.skipIf(!hasPython)("the README's server in Python", () => {
  const folder = mkdtempSync(join(tmpdir(), 'kv-readme-'));
  afterAll(() => rmSync(folder, {recursive: true}));

  it('passes week 1, 30,000 lines included', () => {
    const server = block('example: server.py');
    expect(server.trimEnd().split('\n').length).toBeLessThanOrEqual(LINES_MAX);
    writeFileSync(join(folder, 'server.py'), server);
    writeFileSync(join(folder, 'kv.yaml'), block('example: kv.yaml'));
    const {status, stdout} = spawnSync(process.execPath, [KV, 'grade'], {
      cwd: folder,
      env: {...process.env, INIT_CWD: folder, NO_COLOR: '1'},
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^ {2}pass +replay-week-01 .*\n.*30,000 requests/m);
    expect(status).toBe(0);
  });
});

it("the README's failure card is what the grader prints", () => {
  const golden = readFileSync(new URL('golden/mutants/oldest-sstable-wins.txt', import.meta.url));
  expect(card(stableOutput(block('output: a failure'), 'no folder'))).toBe(card(String(golden)));
});

/** From the card's title to the last line before the command that repeats it. */
function card(output: string): string {
  const text = output.slice(output.indexOf('────'));
  return text.slice(0, text.indexOf('\n  again'));
}
