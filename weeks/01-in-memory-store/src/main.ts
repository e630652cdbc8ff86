import {runServer} from '@kv-workshop/shared/run-server';
import {Engine} from './engine.ts';

await runServer({
  name: 'kv',
  needsDataDir: false,
  openStore: () => new Engine(),
});
