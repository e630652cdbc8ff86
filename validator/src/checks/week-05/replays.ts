import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

const HINTS = {
  look: 'the request on this card: of a GET, in which level its key should lie by now; of a SCAN, which source should have had the key that is missing or too much',
  cause:
    'no SCAN yet, a level that a lookup or a scan leaves out, a range without its last key, or an older entry that hides a newer one',
  chapter: 'docs/weeks/05.md#traps',
};

export const replayWeek05Short = replayCheck({
  week: 5,
  isShort: true,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Five hundred requests, with scans and crashes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 350, restarts: 3},
});

export const replayWeek05 = replayCheck({
  week: 5,
  isShort: false,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves:
    'Thirty thousand requests, with scans, flushes, compactions and crashes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 22_300, restarts: 7},
});
