/** Runs commands one after another, up to the first that fails. */
import {$} from 'zx/core';
import type {Terminal} from '../tool.ts';

export interface CheckStep {
  readonly name: string;
  /** For a POSIX shell in the root folder; programs of the workspace are on its PATH. */
  readonly command: string;
  /** What a person types to repeat it. */
  readonly repeat: string;
}

/** Settings of npm that a machine may need to reach its registry. */
const NETWORK_SETTINGS = new Set(
  'cache cafile https_proxy noproxy proxy registry strict_ssl userconfig'.split(' '),
);

/** @returns the exit status: 0, or 1 if a step failed */
export async function runSteps(
  steps: readonly CheckStep[],
  {print, paint}: Terminal,
  root: string,
): Promise<number> {
  const started = performance.now();
  for (const [index, {name, command, repeat}] of steps.entries()) {
    print(`\n${paint.bold(`[${index + 1}/${steps.length}] ${name}`)}  ${paint.dim(command)}\n`);
    const stepStarted = performance.now();
    const shell = $({
      cwd: root,
      env: stepEnv(process.env),
      nothrow: true,
      preferLocal: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const {exitCode, signal} = await shell`sh -c ${command}`;
    const seconds = secondsSince(stepStarted);
    if (exitCode !== 0) {
      const how = signal === null ? `status ${exitCode}` : signal;
      print(
        `${paint.red(`${name} failed`)} after ${seconds} s (${how}). To repeat it: ${repeat}\n`,
      );
      return 1;
    }
    print(`${paint.green(`${name} passed`)} in ${seconds} s\n`);
  }
  print(`\n${paint.green('all passed')} in ${secondsSince(started)} s\n`);
  return 0;
}

/**
 * The environment as a person's shell has it: pnpm hands all its settings to its
 * scripts as npm's, and npm warns about each that it does not know.
 */
export function stepEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKept = ([name]: [string, unknown]) => {
    const setting = /^npm_config_(.*)$/i.exec(name)?.[1]?.toLowerCase();
    return setting === undefined || NETWORK_SETTINGS.has(setting);
  };
  return Object.fromEntries(Object.entries(env).filter(isKept));
}

function secondsSince(start: number): string {
  return ((performance.now() - start) / 1_000).toFixed(1);
}
