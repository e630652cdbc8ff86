import type {Check} from '../check.ts';
import {WEEK_LAST} from '../week-rules.ts';
import {costOf, type Sharing, shareKeys} from './shared-keys.ts';

/** Few, so that many requests to one of them overlap: each value has one writer, so no search is needed. */
const CONTENDED: Sharing = {keys: 8, writes: 35, reads: 50, deletes: 0};
/** More than there are clients: which of several deletes a 404 has seen has to be searched for. */
const DELETED: Sharing = {keys: 48, writes: 60, reads: 60, deletes: 40};

export const linearizable: Check = {
  id: 'linearizable',
  title: 'Concurrent reads and writes',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'What sixteen clients see of the same few keys, during flushes and compactions, can be put in one order.',
  hints: {
    look: 'the timeline on this card: bars that overlap may come in either order, others may not; then what your server does when a memtable is full',
    cause:
      'a full memtable that nobody asks while it is flushed, a cache that a write does not update, or an answer sent before the write can be read',
    chapter: 'docs/weeks/08.md#histories',
  },
  cost: costOf(CONTENDED),

  run: (context) => shareKeys(context, CONTENDED),
};

export const linearizableDeletes: Check = {
  id: 'linearizable-deletes',
  title: 'Concurrent deletes',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'What sixteen clients see of keys that several of them delete and create again at the same time can be put in one order.',
  hints: {
    look: 'the timeline on this card, and where a tombstone goes from the memtable on',
    cause:
      'a tombstone that a flush or a compaction drops while an older value is still to be found, or a version published without it',
    chapter: 'docs/weeks/08.md#histories',
  },
  cost: costOf(DELETED),

  run: (context) => shareKeys(context, DELETED),
};
