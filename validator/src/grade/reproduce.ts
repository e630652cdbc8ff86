/** Commands that show a failure again, as they are typed where `kv` was called. */
import {relative} from 'node:path';
import {resolveFromCaller} from '../caller-folder.ts';
import type {Check} from '../checks/check.ts';
import {shellQuote} from '../server/shell-command.ts';
import type {Target} from './result.ts';
import type {RunPlan} from './run-plan.ts';

type Plan = Pick<RunPlan, 'week' | 'seed' | 'target'>;

/** Runs one check again, with the same seed. */
export function reproduceCommand(check: Check, {week, seed, target}: Plan): string {
  const words = ['kv', 'grade', String(week), ...target.arguments];
  const alone = check.arguments ?? ['--check', check.id];
  return [...words, ...alone, '--seed', String(seed)].map(shellQuote).join(' ');
}

/**
 * Replays a fixture file alone; none for the reference servers, which `kv replay` does not start.
 * @param isSmall on the server with small thresholds
 */
export function replayCommands(
  fixture: string,
  {target}: {readonly target: Pick<Target, 'kind' | 'arguments'>},
  isSmall = false,
): string[] {
  if (target.kind === 'reference') return [];
  const path = relative(resolveFromCaller('.'), fixture);
  const flags = pairs(target.arguments);
  const known = flags.filter(([name]) => !ONLY_OF_GRADE.has(name)).flat();
  const small = flags.find(([name]) => name === '--small') ?? ['--small'];
  const words = ['kv', 'replay', path, ...known, ...(isSmall ? small : [])];
  return [words.map(shellQuote).join(' ')];
}

/** They matter to checks, and not to a replay. */
const ONLY_OF_GRADE = new Set(['--files', '--stretch', '--small']);

/** Flags with their values: each has one. */
function pairs(words: readonly string[]): [flag: string, value: string][] {
  return words.flatMap((flag, index) => (index % 2 === 0 ? [[flag, words[index + 1] ?? '']] : []));
}
