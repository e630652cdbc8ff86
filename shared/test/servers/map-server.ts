import {once} from 'node:events';
import {KvError} from '../../src/errors.ts';
import {runServer} from '../../src/run-server.ts';
import {mapStore} from '../map-store.ts';

// A server with a data folder, which can be told to fail.
await runServer({
  name: 'map-server',
  options: {
    openFails: false,
    openHasBug: false,
    openWaitsForSignal: false,
    closeFails: false,
    entriesMax: 100,
  },
  openStore: async ({options, onEvent}) => {
    if (options.openFails) throw new KvError('CORRUPTION', 'wal.db, byte 7: no such record');
    if (options.openHasBug) throw new TypeError('undefined is not a function');
    if (options.openWaitsForSignal) {
      const signal = once(process, 'SIGTERM');
      onEvent({type: 'opening'});
      // A signal that is waited for does not keep a process alive.
      const timer = setInterval(() => {}, 1_000);
      await signal;
      clearInterval(timer);
    }
    onEvent({type: 'opened', count: options.entriesMax});
    const store = mapStore();
    return {
      ...store,
      put: (key, value) => {
        onEvent({type: 'put', file: key});
        return store.put(key, value);
      },
      close: () => {
        if (options.closeFails) throw new KvError('IO', 'could not sync wal.db');
        onEvent({type: 'closed'});
      },
    };
  },
});
