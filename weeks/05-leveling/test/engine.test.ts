import {storeTests} from '@kv-workshop/shared/testing/store-tests';
import {Engine} from '../src/engine.ts';

const capabilities = {
  keepsFlushed: true,
  durable: true,
  powerSafe: true,
  deletes: true,
  scans: true,
};

const MORE_LEVELS = {l0TablesMax: 2, levelCount: 3, levelSizeRatio: 1};

storeTests({
  name: 'engine',
  capabilities: {...capabilities, wal: {file: 'wal.db', checksums: false}},
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, l0TablesMax: 2}, onEvent),
});

storeTests({
  name: 'engine with optional tasks',
  capabilities: {...capabilities, wal: {file: 'wal.db', checksums: true}},
  open: (fileSystem, options, onEvent) =>
    Engine.open(
      fileSystem,
      {...options, ...MORE_LEVELS, negativeCacheKeysMax: 3, walChecksums: true},
      onEvent,
    ),
});
