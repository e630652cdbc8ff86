/** The numbers of tests in the JSON report of a vitest run. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Terminal} from '../tool.ts';

/** From the root folder; absent until the tests have ended. */
export const TEST_REPORT = 'node_modules/.cache/kv-workshop/test-results.json';

interface TestTotals {
  readonly passed: number;
  readonly failed: number;
}

/** Zeros if there is no report: no test ran. */
async function readTestTotals(root: string): Promise<TestTotals> {
  const text = await readFile(join(root, TEST_REPORT), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    },
  );
  if (text === undefined) return {passed: 0, failed: 0};
  const {numPassedTests: passed, numFailedTests: failed} = JSON.parse(text);
  if (typeof passed !== 'number' || typeof failed !== 'number') {
    throw new TypeError(`${TEST_REPORT} is not a report of vitest`);
  }
  return {passed, failed};
}

/**
 * Prints the closing line of a CI run.
 * @returns the exit status: 1 if no test ran, or if one failed
 */
export async function printTestTotals(root: string, {print}: Terminal): Promise<number> {
  const {passed, failed} = await readTestTotals(root);
  print(`${passed} passed, ${failed} failed\n`);
  return passed > 0 && failed === 0 ? 0 : 1;
}
