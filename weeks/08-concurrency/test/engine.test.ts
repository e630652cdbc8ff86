import {crashTests, storeTests} from '@kv-workshop/shared/testing/store-tests';
import type {TestedStore} from '@kv-workshop/shared/testing/store-under-test';
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
const OTHERS = {
  negativeCacheKeysMax: 3,
  preparesNextLog: true,
  walChecksums: true,
  variableFormat: true,
};

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

const OPEN_SCANS_MAX = 4;

/** Begins a scan before each write, so that a crash finds files that only scans still need. */
function withOpenScans(engine: Engine): TestedStore {
  const scans: Generator<string>[] = [];
  const beginScan = (): void => {
    const scan = engine.scan('a', 'z');
    scan.next();
    scans.push(scan);
    if (scans.length > OPEN_SCANS_MAX) scans.shift()?.return(undefined);
  };
  return {
    valueLimits: engine.valueLimits,
    get: (key) => engine.get(key),
    put: (key, value) => {
      beginScan();
      return engine.put(key, value);
    },
    delete: (key) => {
      beginScan();
      return engine.delete(key);
    },
    scan: (start, end) => engine.scan(start, end),
    checkInvariants: () => engine.checkInvariants(),
    close: () => {
      for (const scan of scans) scan.return(undefined);
      return engine.close();
    },
  };
}

crashTests(
  {
    name: 'engine with scans that take long',
    capabilities,
    open: async (fileSystem, options, onEvent) => {
      const all = {...options, compactionUpdates: 5};
      return withOpenScans(await Engine.open(fileSystem, all, onEvent));
    },
  },
  {seed: 2, batches: 6, randomStates: 0},
);
