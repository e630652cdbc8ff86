/** The project of a submission: read with suspicion, and copied where it runs as another user. */
import {spawnSync} from 'node:child_process';
import {chmodSync, realpathSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {commandProject} from '../config/find-project.ts';
import {KV_YAML, readKvYaml} from '../config/kv-yaml.ts';
import type {CommandProject} from '../config/project.ts';
import {GraderError, UsageError} from '../errors.ts';
import type {CheckResult} from '../grade/result.ts';
import type {Account} from '../server/account.ts';
import type {RunFolder} from '../server/run-folder.ts';

/** What its author has to put right before anything of it can be run. */
export interface Unusable {
  readonly kind: 'unusable';
  readonly problem: string;
}

const OWNER_ONLY = 0o700;
const COPY_TIMEOUT_MS = 300_000;

/**
 * @param account as whom it runs: then in a copy, since what it builds it must be able to write
 * @throws UsageError if there is no such folder; GraderError
 */
export function submittedProject(
  folder: string,
  account: Account | undefined,
  runFolder: RunFolder,
): CommandProject | Unusable {
  // The folder that is meant: nothing is to be done to one that a link leads to.
  const real = realFolder(folder);
  const place = account === undefined ? real : copyFor(account, real, runFolder);
  try {
    // As root one would read through a link what its author may not.
    const settings = readKvYaml(place, {throughLinks: account === undefined});
    if (settings === undefined) return unusable(`there is no ${KV_YAML} in the submission`);
    if (settings.command === undefined) return unusable(`${KV_YAML}: there is no \`command:\``);
    const project = commandProject(`${KV_YAML} in ${folder}`, place, settings);
    return account === undefined ? project : {...project, account};
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return unusable(error.message.replaceAll(`${place}/`, ''));
  }
}

function unusable(problem: string): Unusable {
  return {kind: 'unusable', problem};
}

/** A row of the table, above the checks that it blocks. */
export function unusableRow({problem}: Unusable): CheckResult {
  const [summary = '', ...details] = problem.split('\n');
  return {
    id: KV_YAML,
    title: 'How to build and start the server',
    proves: `The submission has a ${KV_YAML} that can be used.`,
    week: 1,
    state: 'fail',
    durationMs: 0,
    requests: 0,
    notes: [],
    reason: summary,
    failure: {
      summary,
      details,
      serverOutput: [],
      hints: {
        look: `${KV_YAML} at the top of what was handed in; \`kv grade\` in that folder says the same`,
        cause: 'a key that is misspelt, or a folder around the project that was handed in with it',
        chapter: 'docs/contract.md#kvyaml',
      },
      reproduce: [],
    },
  };
}

function realFolder(folder: string): string {
  try {
    const real = realpathSync(folder);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new UsageError(`the submission: ${(error as Error).message}`, {cause: error});
  }
  throw new UsageError(`the submission: ${folder} is no folder`);
}

function copyFor({uid, gid}: Account, folder: string, runFolder: RunFolder): string {
  const copy = join(runFolder.newFolder('submission'), 'project');
  // Links stay links: what they lead to is read as the user, or not at all.
  run('cp', ['-R', '-P', '--', folder, copy]);
  run('chown', ['-R', '-h', `${uid}:${gid}`, '--', copy]);
  chmodSync(copy, OWNER_ONLY);
  return copy;
}

function run(program: string, args: readonly string[]): void {
  const {status, stderr} = spawnSync(program, args, {encoding: 'utf8', timeout: COPY_TIMEOUT_MS});
  if (status !== 0) throw new GraderError(`${program} failed on the submission: ${stderr.trim()}`);
}
