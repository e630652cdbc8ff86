/**
 * What each week adds, changes and removes, compared with the week before. The
 * stage tools read this: `pnpm stage:check` holds weeks/ against it.
 */
import type {Stage} from './stage/declaration.ts';

export const stages: readonly Stage[] = [
  {folder: '01-in-memory-store'},
  {
    folder: '02-lsm-tree',
    changed: ['src/engine.ts', 'src/main.ts', 'test/engine.test.ts'],
    added: [
      'src/memtable.ts',
      'src/sstable.ts',
      'src/manifest.ts',
      'src/options.ts',
      'test/formats.test.ts',
      'test/golden/flush.txt',
      'test/golden/restart.txt',
    ],
    optional: {'negative cache': ['src/negative-cache.ts', 'test/negative-cache.test.ts']},
  },
  {
    folder: '03-write-ahead-log',
    changed: [
      'src/engine.ts',
      'src/sstable.ts',
      'src/manifest.ts',
      'src/options.ts',
      'test/engine.test.ts',
      'test/golden/flush.txt',
      'test/golden/restart.txt',
    ],
    added: ['src/wal.ts', 'test/golden/wal.txt'],
    optional: {
      'record checksums': [
        'src/record-checksum.ts',
        'test/golden/record-checksums.txt',
        'test/record-checksum.test.ts',
      ],
      'orphan clean-up': ['src/orphans.ts', 'test/golden/orphans.txt'],
    },
  },
  {
    folder: '04-compaction',
    changed: [
      'src/sstable.ts',
      'src/memtable.ts',
      'src/wal.ts',
      'src/engine.ts',
      'src/manifest.ts',
      'src/options.ts',
      'test/engine.test.ts',
    ],
    added: [
      'src/min-heap.ts',
      'src/merge.ts',
      'src/runs.ts',
      'src/compaction.ts',
      'test/min-heap.test.ts',
      'test/merge.test.ts',
      'test/compaction.test.ts',
      'test/golden/delete.txt',
      'test/golden/compaction.txt',
    ],
  },
  {
    folder: '05-leveling',
    changed: [
      'src/manifest.ts',
      'src/sstable.ts',
      'src/runs.ts',
      'src/compaction.ts',
      'src/engine.ts',
      'src/options.ts',
      'src/orphans.ts',
      'test/compaction.test.ts',
      'test/engine.test.ts',
      'test/golden/compaction.txt',
      'test/golden/delete.txt',
      'test/golden/flush.txt',
      'test/golden/orphans.txt',
      'test/golden/record-checksums.txt',
      'test/golden/restart.txt',
      'test/golden/wal.txt',
    ],
    added: [
      'src/levels.ts',
      'src/scan.ts',
      'src/check-levels.ts',
      'test/levels.test.ts',
      'test/scan.test.ts',
      'test/golden/scan.txt',
    ],
    optional: {
      'more levels': ['src/level-sizes.ts', 'test/golden/more-levels.txt'],
    },
    budgets: {
      lesson: {added: 400, removed: 125, why: 'MANIFEST gets another format, and scans come along'},
      tests: {added: 500, removed: 125, why: 'every dump shows MANIFEST and paths'},
    },
  },
];
