import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: the write that should have been read',
  cause: 'a table that forgets or mixes up keys, or a value that was changed on its way',
  chapter: 'docs/weeks/01.md#traps',
};

export const replayWeek01Short = replayCheck({
  week: 1,
  isShort: true,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Five hundred requests, one after another, are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 250, restarts: 0},
});

export const replayWeek01 = replayCheck({
  week: 1,
  isShort: false,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  proves: 'Thirty thousand requests over thousands of keys are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 15_000, restarts: 0},
});
