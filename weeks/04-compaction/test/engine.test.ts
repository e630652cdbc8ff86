import {storeTests} from '@kv-workshop/shared/testing/store-tests';
import {Engine} from '../src/engine.ts';

const capabilities = {
  keepsFlushed: true,
  durable: true,
  powerSafe: true,
  deletes: true,
  scans: false,
};

storeTests({
  name: 'engine',
  capabilities: {...capabilities, wal: {file: 'wal.db', checksums: false}},
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, compactionUpdates: 7}, onEvent),
});

storeTests({
  name: 'engine with optional tasks',
  capabilities: {...capabilities, wal: {file: 'wal.db', checksums: true}},
  open: (fileSystem, options, onEvent) =>
    Engine.open(
      fileSystem,
      {...options, compactionUpdates: 7, negativeCacheKeysMax: 3, walChecksums: true},
      onEvent,
    ),
});
