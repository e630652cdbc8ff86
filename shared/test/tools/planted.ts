/** Weeks with something planted in them, checked without a disk. */
import {reportOn} from '../../tools/stage/check-weeks.ts';
import type {Stage} from '../../tools/stage/declaration.ts';
import type {Violation} from '../../tools/stage/step.ts';
import {CLEAN, CLEAN_STAGES, cleanText, FIRST, type Files, SECOND, weeksOf} from './fake-weeks.ts';

/** The clean weeks with `changes` on top; the second week declared as `second`. */
export async function violations(
  changes: Files,
  second: Partial<Stage> = {},
): Promise<Violation[]> {
  const [first, clean] = CLEAN_STAGES as [Stage, Stage];
  const report = await reportOn(weeksOf({...CLEAN, ...changes}), [first, {...clean, ...second}]);
  return [...report.violations];
}

/** A file of the second clean week, edited; what is replaced must be there. */
export function edited(path: string, from: string, to: string): string {
  const text = cleanText(SECOND, path);
  if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
}

export function inFirst(path: string): string {
  return `weeks/${FIRST}/${path}`;
}

export function inSecond(path: string): string {
  return `weeks/${SECOND}/${path}`;
}
