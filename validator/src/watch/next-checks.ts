/** Which checks to run after a save. */
import {checksOf} from '../checks/catalogue.ts';
import type {Progress} from '../progress/progress-file.ts';

/**
 * The first check that did not pass when it last ran; then, once it does, those
 * behind it; and when these pass, all of them from the first on, since what was
 * changed for the last may have broken an earlier one.
 * @returns ids, or undefined for all
 */
export function nextChecks(
  progress: Progress,
  week: number,
  afterPass: readonly string[] | undefined,
): readonly string[] | undefined {
  const ids = checksOf(week).map(({id}) => id);
  const known = progress.weeks[week] ?? {};
  if (afterPass === undefined) {
    const failing = ids.find((id) => known[id] !== undefined && known[id].state !== 'pass');
    return failing === undefined ? undefined : [failing];
  }
  const last = Math.max(...afterPass.map((id) => ids.indexOf(id)));
  const rest = ids.slice(last + 1);
  return rest.length === 0 ? undefined : rest;
}
