/** All benches, in the order in which they run. What a bench needs is loaded when it runs. */
import type {Bench} from './bench.ts';
import {benchWeeks, excerptOfWeek} from './weeks.ts';

export const BENCHES: readonly Bench[] = [
  {
    name: 'first-check',
    summary: 'from a fresh clone to the first passed check',
    isPinned: false,
    run: async (context) => (await import('./first-check.ts')).benchFirstCheck(context),
  },
  {
    name: 'replay',
    summary: 'the replay of fixtures against clients that only send',
    isPinned: true,
    run: async (context) => (await import('./replay.ts')).benchReplays(context),
  },
  {
    name: 'graded-replay',
    summary: 'the same files as checks of kv grade, and by kv replay alone',
    isPinned: true,
    run: async (context) => (await import('./graded-replays.ts')).benchGradedReplays(context),
  },
  {
    name: 'durable-puts',
    summary: 'week 3, one writer, against append and fdatasync alone',
    isPinned: true,
    run: async (context) => (await import('./durable-puts.ts')).benchDurablePuts(context),
  },
  {
    name: 'weeks',
    summary: 'all weeks on one workload: what each lesson buys',
    isPinned: true,
    run: benchWeeks,
    excerpt: excerptOfWeek,
  },
  {
    name: 'engine-reads',
    summary: 'week 8 in process against LevelDB: hits, misses, scans',
    isPinned: true,
    run: async (context) => (await import('./engine-reads.ts')).benchEngineReads(context),
  },
  {
    name: 'profile',
    summary: 'where week 8 spends its time',
    isPinned: true,
    run: async (context) => (await import('./profile.ts')).benchProfile(context),
  },
  {
    name: 'growth',
    summary: 'week 8 from 10,000 to 1,000,000 keys',
    isPinned: true,
    run: async (context) => (await import('./growth.ts')).benchGrowth(context),
  },
  {
    name: 'false-positives',
    summary: 'Bloom filters of week 7: measured rate and theory',
    isPinned: true,
    run: async (context) => (await import('./false-positives.ts')).benchFalsePositives(context),
  },
  {
    name: 'memtables',
    summary: 'hash table and sort (week 6) against the radix trie (week 7)',
    isPinned: true,
    run: async (context) => (await import('./memtables.ts')).benchMemtables(context),
  },
  {
    name: 'http-writes',
    summary: 'week 8 over HTTP: durable PUTs, against LevelDB and a Map',
    isPinned: false,
    run: async (context) => (await import('./http-writes.ts')).benchHttpWrites(context),
  },
  {
    name: 'restart',
    summary: 'week 8 from kill -9 to the first answer, against LevelDB',
    isPinned: false,
    run: async (context) => (await import('./restart.ts')).benchRestart(context),
  },
  {
    name: 'tail-latency',
    summary: 'week 8 over HTTP: the slowest requests during flushes and compactions',
    isPinned: false,
    run: async (context) => (await import('./tail-latency.ts')).benchTailLatency(context),
  },
];
