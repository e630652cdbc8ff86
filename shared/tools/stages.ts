/**
 * What each week adds, changes and removes, compared with the week before. The
 * stage tools read this: `pnpm stage:check` holds weeks/ against it.
 */
import type {Stage} from './stage/declaration.ts';

export const stages: readonly Stage[] = [
  {folder: '01-in-memory-store'},
  {
    folder: '02-lsm-tree',
    changed: ['src/engine.ts', 'src/main.ts'],
    added: ['src/memtable.ts', 'src/sstable.ts', 'src/manifest.ts', 'src/options.ts'],
    optional: {'negative cache': ['src/negative-cache.ts']},
  },
  {
    folder: '03-write-ahead-log',
    changed: ['src/engine.ts', 'src/sstable.ts', 'src/manifest.ts', 'src/options.ts'],
    added: ['src/wal.ts'],
    optional: {
      'record checksums': ['src/record-checksum.ts'],
      'orphan clean-up': ['src/orphans.ts'],
    },
  },
];
