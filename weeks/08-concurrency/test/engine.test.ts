import {storeTests} from '@kv-workshop/shared/testing/store-tests';
import {Engine} from '../src/engine.ts';

const capabilities = {
  keepsFlushed: true,
  durable: true,
  powerSafe: true,
  deletes: true,
  scans: true,
};

const MORE_LEVELS = {compactionUpdates: 7, l0TablesMax: 2, levelCount: 3, levelSizeRatio: 1};

const FILTERS = {blockedFilters: true, randomSeeds: true};
const OTHERS = {negativeCacheKeysMax: 3, walChecksums: true, variableFormat: true};

storeTests({
  name: 'engine',
  capabilities: {...capabilities, wal: {file: 'wal-1.db', checksums: false}},
  crash: {batches: 5, randomStates: 2},
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, compactionUpdates: 7}, onEvent),
});

storeTests({
  name: 'engine with optional tasks',
  capabilities: {...capabilities, wal: {file: 'wal-1.db', checksums: true}},
  crash: {batches: 4, randomStates: 2},
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, ...MORE_LEVELS, ...FILTERS, ...OTHERS}, onEvent),
});
