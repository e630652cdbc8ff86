import type {Check} from '../check.ts';
import {COMPACTION_WRITES, COMPACTIONS, readBackCompactions} from '../compaction-rounds.ts';
import {Keys} from '../keys.ts';

export const compactionReadback: Check = {
  id: 'compaction-readback',
  title: 'A compaction changes no answer',
  weekFirst: 4,
  weekLast: 4,
  needs: 'process',
  proves:
    'After 10,000 updates, and after 10,000 more, every key has its newest value, and no deleted key is back.',
  hints: {
    look: 'what your merge makes of a key with entries in several SSTables, and what follows its last group of entries',
    cause:
      'an older entry that wins a tie, a tombstone dropped while an older value stays, an SSTable that the merge leaves out, or a last group that is never written',
    chapter: 'docs/weeks/04.md#when-a-tombstone-may-go',
  },
  cost: {requests: 29_000, writes: COMPACTIONS * COMPACTION_WRITES, restarts: 1},

  run: (context) => readBackCompactions(context, new Keys(context.random)),
};
