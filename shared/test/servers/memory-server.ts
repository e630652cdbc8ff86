import {runServer} from '../../src/run-server.ts';
import {putGetStore} from '../map-store.ts';

// A server without a data folder.
await runServer({name: 'memory-server', needsDataDir: false, openStore: () => putGetStore()});
