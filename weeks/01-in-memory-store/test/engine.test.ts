import {storeTests} from '@kv-workshop/shared/testing/store-tests';
import {Engine} from '../src/engine.ts';

const capabilities = {
  keepsFlushed: false,
  durable: false,
  powerSafe: false,
  deletes: false,
  scans: false,
};

storeTests({
  name: 'engine',
  capabilities,
  open: () => new Engine(),
});
