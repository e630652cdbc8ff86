import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: was it in the first or last entry of a block, was it deleted before a flush?',
  cause:
    'a value or key of 64 bytes that loses its end, or a tombstone read back as an empty value',
  chapter: 'docs/weeks/06.md#traps',
};

export const replayWeek06Short = replayCheck({
  week: 6,
  isShort: true,
  weekLast: WEEK_LAST,
  proves:
    'Five hundred requests with short values, deletes, scans and crashes are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 250, restarts: 3},
});

export const replayWeek06 = replayCheck({
  week: 6,
  isShort: false,
  weekLast: WEEK_LAST,
  proves:
    'Thirty thousand requests, with flushes to blocks, compactions of them, and crashes, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 22_900, restarts: 7},
});
