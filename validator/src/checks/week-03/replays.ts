import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: which crash, restart or flush lies between its write and this read?',
  cause: 'a write that was answered before it was in the log, or a log that was emptied too early',
  chapter: 'docs/weeks/03.md#traps',
};

export const replayWeek03Short = replayCheck({
  week: 3,
  isShort: true,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Five hundred requests, with crashes and restarts among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 250, restarts: 4},
});

export const replayWeek03 = replayCheck({
  week: 3,
  isShort: false,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves:
    'Thirty thousand requests, with crashes, restarts and flushes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 15_000, restarts: 10},
});
