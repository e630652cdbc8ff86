/** Commands that show a failure again, as they are typed where `kv` was called. */
import {relative} from 'node:path';
import {resolveFromCaller} from '../caller-folder.ts';
import type {Check} from '../checks/check.ts';
import {shellQuote} from '../server/shell-command.ts';
import type {RunPlan} from './run-plan.ts';

type Plan = Pick<RunPlan, 'week' | 'seed' | 'target'>;

/** Runs one check again, with the same seed. */
export function reproduceCommand(check: Check, {week, seed, target}: Plan): string {
  const words = ['kv', 'grade', String(week), ...target.arguments];
  return [...words, '--check', check.id, '--seed', String(seed)].map(shellQuote).join(' ');
}

/** Replays a fixture file alone; none for the reference servers, which `kv replay` does not start. */
export function replayCommands(fixture: string, {target}: Plan): string[] {
  if (target.kind === 'reference') return [];
  const path = relative(resolveFromCaller('.'), fixture);
  return [['kv', 'replay', path, ...target.arguments].map(shellQuote).join(' ')];
}
