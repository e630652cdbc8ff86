import {runServer} from '@kv-workshop/shared/run-server';
import {Engine} from './engine.ts';
import {DEFAULT_OPTIONS} from './options.ts';

await runServer({
  name: 'kv',
  options: DEFAULT_OPTIONS,
  openStore: ({fileSystem, options, onEvent}) => Engine.open(fileSystem, options, onEvent),
});
