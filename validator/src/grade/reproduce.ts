import type {Check} from '../checks/check.ts';
import {shellQuote} from '../server/shell-command.ts';
import type {RunPlan} from './run-plan.ts';

/** The command that runs one check again, with the same seed. */
export function reproduceCommand(
  check: Check,
  plan: Pick<RunPlan, 'week' | 'seed' | 'target'>,
): string {
  const words = ['kv', 'grade', String(plan.week), ...plan.target.arguments];
  return [...words, '--check', check.id, '--seed', String(plan.seed)].map(shellQuote).join(' ');
}
