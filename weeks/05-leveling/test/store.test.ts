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
    scans: true,
    wal,
  },
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, l0TablesMax: 2}, onEvent),
};

const withOptionalTasks: StoreUnderTest = {
  ...engine,
  name: 'engine with optional tasks',
  open: (fileSystem, options, onEvent) => {
    const optional = {negativeCacheKeysMax: 2, walChecksums: true};
    const levels = {l0TablesMax: 2, levelCount: 4, levelSizeRatio: 1};
    return Engine.open(fileSystem, {...options, ...optional, ...levels}, onEvent);
  },
};

storeTests(engine);
conformanceTests(withOptionalTasks);
modelBasedTests(withOptionalTasks);
walCutTests(withOptionalTasks, {...wal, checksums: true});
