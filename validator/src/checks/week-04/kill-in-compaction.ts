import type {Check} from '../check.ts';
import {killInCompactions} from '../compaction-crashes.ts';

export const killInCompaction: Check = {
  id: 'kill-in-compaction',
  title: 'Crashes in a compaction',
  weekFirst: 4,
  weekLast: 4,
  needs: 'process',
  proves: 'A crash at any moment of a compaction loses nothing and brings no deleted key back.',
  hints: {
    look: 'the order at the end of your compaction: new SSTables synced, MANIFEST replaced, and only then the old ones removed',
    cause:
      'old files removed while MANIFEST still lists them, MANIFEST written in place, or a start that takes unlisted files for data',
    chapter: 'docs/weeks/04.md#the-durable-compaction',
  },
  cost: {requests: 45_000, writes: 40_000, restarts: 3},
  deadlineMs: 120_000,

  run: killInCompactions,
};
