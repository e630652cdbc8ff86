/** How often a replay fails, and how many tries show that it does. */

export interface Rate {
  readonly failed: number;
  /** Replays that came to their end. */
  readonly runs: number;
}

/** Of what fails seldom: each try starts a server. */
const TRIES_MAX = 15;
/** With so many tries, a list that fails as often as before is thought to pass this seldom. */
const MISSED_SHARE = 0.05;

/** How often to replay a list before it counts as not failing. */
export function triesFor({failed, runs}: Rate): number {
  if (failed >= runs) return 1;
  const tries = Math.ceil(Math.log(MISSED_SHARE) / Math.log(1 - failed / runs));
  return Math.min(TRIES_MAX, tries);
}
