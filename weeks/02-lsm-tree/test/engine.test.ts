import {storeTests} from '@kv-workshop/shared/testing/store-tests';
import {Engine} from '../src/engine.ts';

const capabilities = {
  keepsFlushed: true,
  durable: false,
  powerSafe: false,
  deletes: false,
  scans: false,
};

storeTests({
  name: 'engine',
  capabilities,
  open: (fileSystem, options, onEvent) => Engine.open(fileSystem, options, onEvent),
});

storeTests({
  name: 'engine with optional tasks',
  capabilities,
  open: (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, {...options, negativeCacheKeysMax: 3}, onEvent),
});
