import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: is its last write a PUT or a DELETE, and what lies between it and this read?',
  cause:
    'no DELETE yet, or a tombstone that got lost on its way: in the log, at a flush, in a lookup or in a compaction',
  chapter: 'docs/weeks/04.md#traps',
};

export const replayWeek04Short = replayCheck({
  week: 4,
  isShort: true,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Five hundred requests, with deletes and crashes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 350, restarts: 3},
});

export const replayWeek04 = replayCheck({
  week: 4,
  isShort: false,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves:
    'Thirty thousand requests, with deletes, flushes, compactions and crashes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 22_300, restarts: 7},
});
