/** Runs a project's build command, once, before the first start. */

import {ServerFailure} from '../errors.ts';
import type {Account} from './account.ts';
import type {ProcessTable} from './process-table.ts';
import {ShellProcess} from './shell-process.ts';
import {describeExit} from './start-diagnosis.ts';
import {endUserProcesses} from './user-processes.ts';

export interface BuildOptions {
  /** For the shell. */
  readonly command: string;
  readonly folder: string;
  readonly week: number;
  readonly env?: Readonly<Record<string, string>>;
  /** @default 600,000 */
  readonly timeoutMs?: number;
  readonly processTable?: ProcessTable;
  /** @default as the grader */
  readonly account?: Account | undefined;
}

const TIMEOUT_MS = 600_000;
const OUTPUT_LINES = 40;

/**
 * Whatever the build leaves running (compile servers, watchers) is ended with it.
 * @throws ServerFailure build-failed, with the last output
 */
export async function runBuild(options: BuildOptions): Promise<void> {
  const {command, folder, week, env, processTable, account, timeoutMs = TIMEOUT_MS} = options;
  const build = await ShellProcess.start({
    command,
    folder,
    env: {...env, KV_WEEK: String(week)},
    processTable,
    account,
  });
  const exit = await build.waitForExit(timeoutMs);
  await build.kill();
  if (account !== undefined) endUserProcesses(account);
  if (exit?.status === 0) return;
  const problem =
    exit === undefined ? `was not done within ${timeoutMs / 1000} s` : describeExit(exit);
  throw new ServerFailure('build-failed', `the build command ${problem}`, [
    `command: ${command}`,
    ...build.output.lines(OUTPUT_LINES).map((line) => `  ${line}`),
  ]);
}
