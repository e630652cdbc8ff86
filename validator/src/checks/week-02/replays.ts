import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: was it flushed between its write and this read?',
  cause: 'a value that is not found once it is in an SSTable, or an older one that is found first',
  chapter: 'docs/weeks/02.md#traps',
};

export const replayWeek02Short = replayCheck({
  week: 2,
  isShort: true,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Five hundred requests are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 250, restarts: 0},
});

export const replayWeek02 = replayCheck({
  week: 2,
  isShort: false,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Thirty thousand requests, with many flushes among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 15_000, restarts: 0},
});
