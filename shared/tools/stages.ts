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
];
