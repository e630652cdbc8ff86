/** `pnpm check`: what CI runs. */
import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {type CheckStep, runSteps} from './check/run-steps.ts';
import {TEST_REPORT} from './check/test-totals.ts';
import {ROOT, runTool} from './tool.ts';

const PNPM = 'npx --yes pnpm@10.34.9';

await runTool(async (_, terminal) => {
  const {scripts} = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const script = (name: string): CheckStep => {
    return {name, command: scripts[name], repeat: `${PNPM} ${name}`};
  };
  const lintFixtures = 'node validator/bin/kv.mjs fixture lint fixtures/*.txt';
  const report = `--reporter=default --reporter=json --outputFile.json=${TEST_REPORT}`;
  // A report of an earlier run must not pass for one of this run.
  await rm(join(ROOT, TEST_REPORT), {force: true});
  return runSteps(
    [
      script('format:check'),
      script('lint'),
      script('types'),
      script('unused'),
      script('stage:check'),
      {name: 'fixtures', command: lintFixtures, repeat: lintFixtures},
      // The very command of the README, so that it is known to work.
      {name: 'test', command: `${PNPM} test ${report}`, repeat: `${PNPM} test`},
    ],
    terminal,
    ROOT,
  );
});
