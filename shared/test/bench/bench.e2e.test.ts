import {expect, test} from 'vitest';
import {$} from 'zx/core';
import {BENCHES} from '../../tools/bench/catalogue.ts';
import {ROOT} from '../../tools/tool.ts';

function bench(...args: readonly string[]) {
  const options = {cwd: ROOT, env: {...process.env, NO_COLOR: '1'}, nothrow: true, quiet: true};
  return $(options)`${process.execPath} --import tsx shared/tools/bench.ts ${args}`;
}

test('--list names all benches', async () => {
  const {exitCode, stdout} = await bench('--list');
  expect(exitCode).toBe(0);
  const names = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect(names).toEqual(BENCHES.map(({name}) => name));
});

test('one bench by its name: a table, its limits, and where it was measured', async () => {
  const text = await bench('false-positives', '--rounds', '1');
  expect(text.exitCode).toBe(0);
  expect(text.stdout).toMatch(/^standard +\d\.\d\d % .* 0\.87 % +at most 1\.2: met$/m);
  expect(text.stdout).toMatch(/^blocked +\d\.\d\d % .* 0\.96 % +at most 1\.3: met$/m);
  expect(text.stdout).toMatch(/^Measured on .*, 1 round\.$/m);
});

test.each([
  [['nope'], 'there is no bench "nope", only first-check, replay, '],
  [['weeks', '--rounds', '0'], '--rounds 0: expected a whole number from 1 to '],
])('bad usage %j: 64, and one sentence', async (args, sentence) => {
  const {exitCode, stdout, stderr} = await bench(...args);
  expect({exitCode, stdout}).toEqual({exitCode: 64, stdout: ''});
  expect(stderr).toContain(`error ${sentence}`);
});
