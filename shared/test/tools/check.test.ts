import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {type CheckStep, runSteps, stepEnv} from '../../tools/check/run-steps.ts';
import {printTestTotals, TEST_REPORT} from '../../tools/check/test-totals.ts';
import {FakeTerminal} from './fake-weeks.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kv-check-'));
});

afterEach(async () => {
  await rm(root, {recursive: true, force: true});
});

function step(name: string, command: string): CheckStep {
  return {name, command, repeat: `repeat ${name}`};
}

/** What was printed, with every time as 0.0 s. */
function timeless({text}: FakeTerminal): string {
  return text.replace(/\d+\.\d s/g, '0.0 s');
}

describe('steps', () => {
  test('run in order', async () => {
    const terminal = new FakeTerminal();
    const steps = [step('one', 'echo 1 > file'), step('two', 'test -f file')];
    expect(await runSteps(steps, terminal, root)).toBe(0);
    expect(timeless(terminal)).toBe(`
[1/2] one  echo 1 > file
one passed in 0.0 s

[2/2] two  test -f file
two passed in 0.0 s

all passed in 0.0 s
`);
  });

  test('stop at the first failure, and say how to repeat it', async () => {
    const terminal = new FakeTerminal();
    const steps = [step('one', 'exit 3'), step('two', 'true')];
    expect(await runSteps(steps, terminal, root)).toBe(1);
    expect(timeless(terminal)).toBe(`
[1/2] one  exit 3
one failed after 0.0 s (status 3). To repeat it: repeat one
`);
  });

  test('that are killed have failed', async () => {
    const terminal = new FakeTerminal();
    expect(await runSteps([step('one', 'kill -9 $$')], terminal, root)).toBe(1);
    expect(terminal.text).toContain('one failed');
  });

  test("see npm's network settings, and none of pnpm's", () => {
    const env = {PATH: '/bin', npm_config_registry: 'here', npm_config_pm_on_fail: 'ignore'};
    expect(stepEnv(env)).toEqual({PATH: '/bin', npm_config_registry: 'here'});
  });

  test('see no standard input', async () => {
    expect(await runSteps([step('one', 'test -z "$(cat)"')], new FakeTerminal(), root)).toBe(0);
  });
});

describe('the closing line', () => {
  async function writeReport(text: string): Promise<void> {
    await mkdir(dirname(join(root, TEST_REPORT)), {recursive: true});
    await writeFile(join(root, TEST_REPORT), text);
  }

  test.each([
    ['{"numPassedTests":12,"numFailedTests":0}', '12 passed, 0 failed\n', 0],
    ['{"numPassedTests":12,"numFailedTests":3}', '12 passed, 3 failed\n', 1],
    ['{"numPassedTests":0,"numFailedTests":0}', '0 passed, 0 failed\n', 1],
  ])('of %s', async (report, line, status) => {
    await writeReport(report);
    const terminal = new FakeTerminal();
    expect(await printTestTotals(root, terminal)).toBe(status);
    expect(terminal.text).toBe(line);
  });

  test('of no report: no test ran', async () => {
    const terminal = new FakeTerminal();
    expect(await printTestTotals(root, terminal)).toBe(1);
    expect(terminal.text).toBe('0 passed, 0 failed\n');
  });

  test('is not guessed', async () => {
    await writeReport('{"numPassedTests":"many"}');
    const printed = printTestTotals(root, new FakeTerminal());
    await expect(printed).rejects.toThrow('is not a report of vitest');
  });
});
