/** Arguments of `kv grade` that are not about the server. */
import {availableParallelism} from 'node:os';
import {checkIds} from '../checks/catalogue.ts';
import {WEEK_LAST} from '../checks/week-rules.ts';
import {UsageError} from '../errors.ts';
import {nearestOf} from '../nearest-of.ts';
import {SEED_MAX} from './seed.ts';

const JOBS_DEFAULT = 2;
const JOBS_MAX = 8;

/** @throws UsageError */
export function parseWeek(text: string): number {
  if (/^[1-9]$/.test(text) && Number(text) <= WEEK_LAST) return Number(text);
  throw new UsageError(`week ${text}: expected a week from 1 to ${WEEK_LAST}`);
}

/** @throws UsageError */
export function parseSeed(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= SEED_MAX) return Number(text);
  throw new UsageError(`--seed ${text}: expected a whole number from 0 to ${SEED_MAX}`);
}

/** @throws UsageError */
export function parseJobs(text: string): number {
  if (/^\d$/.test(text) && Number(text) >= 1 && Number(text) <= JOBS_MAX) return Number(text);
  throw new UsageError(`--jobs ${text}: expected a whole number from 1 to ${JOBS_MAX}`);
}

/** Two, since one waits for the disk most of the time; on a single processor they would only wait for each other. */
export function defaultJobs(processors = availableParallelism()): number {
  return Math.min(JOBS_DEFAULT, processors);
}

/**
 * @param texts ids, one or several to a text, with commas between them
 * @throws UsageError that names the nearest one there is
 */
export function parseCheckIds(flag: string, texts: readonly string[]): Set<string> {
  const known = checkIds();
  const ids = texts.flatMap((text) => text.split(',')).map((id) => id.trim());
  for (const id of ids) {
    if (known.includes(id)) continue;
    const advice = nearestOf(id, known, 'kv checks lists them');
    throw new UsageError(`${flag} ${id}: there is no such check; ${advice}`);
  }
  return new Set(ids);
}

/** As `parseCheckIds`, and `all`. @throws UsageError */
export function parseRequired(texts: readonly string[]): Set<string> {
  if (texts.includes('all')) return new Set(checkIds());
  return parseCheckIds('--require', texts);
}
