import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: was it, or its delete, flushed between its write and this read?',
  cause:
    'a filter without the tombstones of its SSTable, or a trie that loses a key when it splits an edge',
  chapter: 'docs/weeks/07.md#traps',
};

export const replayWeek07Short = replayCheck({
  week: 7,
  isShort: true,
  weekLast: WEEK_LAST,
  proves: 'Five hundred requests over related keys, with scans and crashes, are answered rightly.',
  hints: HINTS,
  cost: {requests: 500, writes: 250, restarts: 3},
});

export const replayWeek07 = replayCheck({
  week: 7,
  isShort: false,
  weekLast: WEEK_LAST,
  proves:
    'Thirty thousand requests, with filters in memory and from disk, compactions and crashes, are answered rightly.',
  hints: HINTS,
  cost: {requests: 30_000, writes: 22_900, restarts: 7},
});
