import {
  conformanceTests,
  modelBasedTests,
  storeTests,
  walCutTests,
} from '@kv-workshop/shared/testing/store-tests';
import type {StoreUnderTest} from '@kv-workshop/shared/testing/store-under-test';
import {Engine} from '../src/engine.ts';

const wal = {file: 'wal.db', checksums: false};

const engine: StoreUnderTest = {
  name: 'engine',
  capabilities: {
    keepsFlushed: true,
    durable: true,
    powerSafe: true,
    deletes: true,
    scans: false,
    wal,
  },
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, compactionUpdates: 7}, onEvent),
};

const withOptionalTasks: StoreUnderTest = {
  ...engine,
  name: 'engine with optional tasks',
  open: (fileSystem, options, onEvent) => {
    const optional = {compactionUpdates: 7, negativeCacheKeysMax: 2, walChecksums: true};
    return Engine.open(fileSystem, {...options, ...optional}, onEvent);
  },
};

storeTests(engine);
conformanceTests(withOptionalTasks);
modelBasedTests(withOptionalTasks);
walCutTests(withOptionalTasks, {...wal, checksums: true});
