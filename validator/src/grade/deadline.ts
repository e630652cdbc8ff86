import {type Check, DEADLINE_MS} from '../checks/check.ts';
import {isDurable} from '../checks/week-rules.ts';
import type {RunPlan} from './run-plan.ts';

/** How long a check may take: its own time, and time for the disk to make its writes durable. */
export function deadlineMsOf(
  {deadlineMs = DEADLINE_MS, cost}: Check,
  {week, environment}: Pick<RunPlan, 'week' | 'environment'>,
): number {
  const syncsMs = isDurable(week) ? (cost.writes * 1_000) / environment.syncsPerSecond : 0;
  return Math.round(deadlineMs + 2 * syncsMs);
}
