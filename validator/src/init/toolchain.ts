/** Which of a language's tools this machine has. */
import {spawnSync} from 'node:child_process';
import type {Language, Tool} from './languages.ts';

const TIMEOUT_MS = 20_000;

export interface FoundTool {
  readonly tool: Tool;
  /** The first line that it prints of itself; undefined if it cannot be run. */
  readonly version: string | undefined;
}

export function findTools({tools}: Language): FoundTool[] {
  return tools.map((tool) => ({tool, version: versionOf(tool)}));
}

function versionOf({program, versionArguments}: Tool): string | undefined {
  const {status, stdout, stderr} = spawnSync(program, versionArguments, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status !== 0) return undefined;
  // Java before 9 printed it to stderr.
  return `${stdout}${stderr}`.trim().split('\n')[0];
}
