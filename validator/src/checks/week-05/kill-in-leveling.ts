import type {Check} from '../check.ts';
import {killInCompactions} from '../compaction-crashes.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const killInLeveling: Check = {
  id: 'kill-in-leveling',
  title: 'Crashes in a compaction of L0',
  weekFirst: 5,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'A crash at any moment of a compaction of L0 into L1 loses nothing and brings no deleted key back; MANIFEST, if it is claimed, and all that it lists are whole after it.',
  hints: {
    look: 'the order at the end of your compaction: new files synced, their folders synced, MANIFEST replaced, and only then the old files of both levels removed',
    cause:
      'files of L0 or L1 removed while MANIFEST still lists them, L0 emptied in one step and L1 replaced in another, or ids of files left by a crash that are used again',
    chapter: 'docs/weeks/05.md#publishing-a-compaction',
  },
  cost: {requests: 31_000, writes: 26_000, restarts: 4},
  deadlineMs: 120_000,

  run: killInCompactions,
};
