/**
 * A store behind the shared HTTP shell, in a process of its own, for
 * start-bench-server.ts: tells its parent the port, and when asked what it has done.
 */
import type {EngineEvent} from '../../src/events.ts';
import type {FileSystem} from '../../src/file-system.ts';
import {createHttpServer} from '../../src/http-server.ts';
import {NodeFileSystem} from '../../src/node-file-system.ts';
import type {Store} from '../../src/store.ts';
import type {StoreKind, Work} from './start-bench-server.ts';

const done = {syncs: 0, flushes: 0, compactions: 0};

/** The same file system, which from now on counts each fdatasync. */
function countSyncs(fileSystem: FileSystem): FileSystem {
  const open = fileSystem.open.bind(fileSystem);
  fileSystem.open = async (path, mode) => {
    const file = await open(path, mode);
    const sync = file.sync.bind(file);
    file.sync = () => {
      done.syncs += 1;
      return sync();
    };
    return file;
  };
  return fileSystem;
}

function onEvent({type}: EngineEvent): void {
  if (type === 'flush') done.flushes += 1;
  if (type === 'compaction') done.compactions += 1;
}

/** Nothing is loaded but the store that is asked for. */
async function openStore(kind: StoreKind, folder: string): Promise<Store> {
  if (kind === 'map') {
    const {Engine} = await import('../../../weeks/01-in-memory-store/src/engine.ts');
    return new Engine();
  }
  if (kind === 'week-8' || kind === 'week-8-uncompacted') {
    const {Engine} = await import('../../../weeks/08-concurrency/src/engine.ts');
    const options = kind === 'week-8' ? {} : {compactionUpdates: Number.POSITIVE_INFINITY};
    return Engine.open(countSyncs(await NodeFileSystem.open(folder)), options, onEvent);
  }
  const {openClassicLevel} = await import('./classic-level-store.ts');
  return openClassicLevel(folder, kind === 'classic-level-grouped');
}

const [kind = '', folder = ''] = process.argv.slice(2);
const store = await openStore(kind as StoreKind, folder);
const server = createHttpServer({store, onError: (error) => console.error(error)});
const port = await server.listen('127.0.0.1', 0);
process.send?.({port});
process.on('message', () => {
  const {user, system} = process.cpuUsage();
  process.send?.({...done, processorUs: user + system} satisfies Work);
});
