import {expect, test} from 'vitest';
import {$} from 'zx/core';
import {ROOT} from '../../tools/tool.ts';

const TOOL = 'shared/tools/stage-diff.ts';

/** Runs stage:diff in a process of its own, whose output is no terminal. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  // The test runner's own wishes for colour are not the point here.
  const {FORCE_COLOR: _, NO_COLOR: __, ...inherited} = process.env;
  const options = {cwd: ROOT, env: {...inherited, ...env}, nothrow: true, quiet: true};
  return $(options)`${process.execPath} --import tsx ${TOOL} ${args}`;
}

test('bad usage ends with status 64 and a message, not a stack trace', async () => {
  const {exitCode, stdout, stderr} = await run(['1', '99']);
  expect(exitCode).toBe(64);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error no week "99"; there are: 01-in-memory-store, .*\n$/);
});

test('colour is for terminals, or on demand, and never against NO_COLOR', async () => {
  const isColoured = async (env: NodeJS.ProcessEnv) => {
    const {exitCode, stdout} = await run(['1', '2', '--stat'], env);
    expect(exitCode).toBe(0);
    return stdout.includes('\u001B[');
  };
  expect(await isColoured({})).toBe(false);
  expect(await isColoured({FORCE_COLOR: '1'})).toBe(true);
  expect(await isColoured({FORCE_COLOR: '1', NO_COLOR: '1'})).toBe(false);
});

test('a reader may leave early', async () => {
  const shell = $({cwd: ROOT, nothrow: true, quiet: true});
  // `true` is gone long before anything is printed; pipefail hands on the tool's status.
  const {exitCode, stderr} = await shell`${process.execPath} --import tsx ${TOOL} 1 2 | true`;
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});
