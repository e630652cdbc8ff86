/** The build of a project as the first row of its table, if it fails. */
import {performance} from 'node:perf_hooks';
import type {CommandProject, UrlProject} from '../config/project.ts';
import {ServerFailure} from '../errors.ts';
import {runBuild} from '../server/build.ts';
import {shellQuote} from '../server/shell-command.ts';
import type {CheckResult} from './result.ts';
import {roundMs} from './round-ms.ts';
import type {RunPlan} from './run-plan.ts';

const BUILD = {
  id: 'build',
  title: 'The build command',
  proves: 'The build command of kv.yaml ends with status 0.',
  week: 1,
};

/** @returns the failed row; undefined if the build succeeded or there is none */
export async function build(
  {week, target, listener}: RunPlan,
  project: CommandProject | UrlProject,
): Promise<CheckResult | undefined> {
  if (project.kind === 'url' || project.buildCommand === undefined) return undefined;
  const startedAt = performance.now();
  listener.progressed(`building: ${project.buildCommand}`);
  try {
    const {folder, env, account} = project;
    await runBuild({command: project.buildCommand, folder, week, env, account});
    return undefined;
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    const result: CheckResult = {
      ...BUILD,
      state: 'fail',
      durationMs: roundMs(performance.now() - startedAt),
      requests: 0,
      notes: [],
      reason: error.message,
      failure: {
        summary: error.message,
        details: error.details,
        serverOutput: [],
        hints: {
          look: 'the output of the build command above; run it yourself in the same folder',
          cause:
            'a compiler error, a tool that is not installed, or a path that is not relative to this folder',
          chapter: 'docs/contract.md#kvyaml',
        },
        reproduce: [['kv', 'grade', String(week), ...target.arguments].map(shellQuote).join(' ')],
      },
    };
    return result;
  }
}
