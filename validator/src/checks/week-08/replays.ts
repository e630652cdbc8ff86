import {replayCheck} from '../replay-check.ts';
import {WEEK_LAST} from '../week-rules.ts';

const HINTS = {
  look: 'the life of the key on this card: which flush, compaction or crash can fall between its write and this read?',
  cause:
    'a full memtable that is not asked while its flush runs, a version that is published without what another one has just added, or, behind a crash, a log that has the writes of a key in another order than the memtable',
  chapter: 'docs/weeks/08.md#traps',
};

export const replayWeek08Short = replayCheck({
  week: 8,
  isShort: true,
  weekLast: WEEK_LAST,
  proves:
    'Blocks of requests in flight at the same time, with crashes and restarts among them, are answered rightly.',
  hints: HINTS,
  cost: {requests: 470, writes: 220, restarts: 5},
});

export const replayWeek08 = replayCheck({
  week: 8,
  isShort: false,
  weekLast: WEEK_LAST,
  proves:
    'Thirty-four thousand lines in blocks of up to several hundred requests: keys of every age are read while others are written, contended keys are read twice, and crashes leave requests in flight.',
  hints: HINTS,
  cost: {requests: 33_300, writes: 24_100, restarts: 12},
});
