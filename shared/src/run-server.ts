/**
 * A server from its command line to its exit: what every week's main.ts calls.
 *
 * Exit codes: 0 after SIGTERM or SIGINT; 1 when it could not start or not close
 * its store; 64 for a wrong command line; 128 + n at once on a later signal n.
 */

import {constants} from 'node:os';
import {acquireDirectoryLock} from './directory-lock.ts';
import {KvError} from './errors.ts';
import {eventLine} from './event-line.ts';
import type {OnEvent} from './events.ts';
import type {FileSystem} from './file-system.ts';
import {createHttpServer} from './http-server.ts';
import {NodeFileSystem} from './node-file-system.ts';
import {
  type OptionDefaults,
  parseServerArguments,
  type ServerArguments,
} from './server-arguments.ts';
import type {MaybePromise, Store} from './store.ts';

/** How long a stop waits for requests in flight before it cuts their connections. */
const STOP_GRACE_MS = 3_000;

/**
 * One signal may come twice: sent to the whole process group, and handed on by
 * the package manager that started us.
 */
const SAME_SIGNAL_MS = 500;

const EXIT = {stopped: 0, failed: 1, usage: 64} as const;

export type ServerDefinition<Options> = ServerWithData<Options> | ServerWithoutData<Options>;

interface ServerBase<Options> {
  /** What its lines on stderr begin with. */
  readonly name: string;
  /** The defaults of the engine's options, each of which becomes one of the command line. */
  readonly options?: Options;
}

interface ServerWithData<Options> extends ServerBase<Options> {
  readonly needsDataDir?: true;
  /** A KvError is printed as one line, and ends the process. */
  readonly openStore: (context: StoreContext<Options>) => MaybePromise<Store>;
}

/** It keeps nothing: a data folder is accepted on its command line, and left alone. */
interface ServerWithoutData<Options> extends ServerBase<Options> {
  readonly needsDataDir: false;
  readonly openStore: (context: Omit<StoreContext<Options>, 'fileSystem'>) => MaybePromise<Store>;
}

export interface StoreContext<Options> {
  /** Rooted at the data folder, which no other server has. */
  readonly fileSystem: FileSystem;
  readonly options: Options;
  /** Prints the event on stderr. */
  readonly onEvent: OnEvent;
}

/** Runs until a signal ends it, then ends the process. */
export async function runServer<Options extends OptionDefaults<Options> = object>(
  definition: ServerDefinition<Options>,
): Promise<never> {
  // Who reads our output may end before us (EPIPE), and that is no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const stopSignal = firstSignal();
  try {
    const parsed = parseServerArguments(
      process.argv.slice(2),
      process.env,
      definition.options ?? ({} as Options),
    );
    if ('helpText' in parsed) process.stdout.write(parsed.helpText);
    else await serve(definition, parsed, stopSignal);
    process.exit(EXIT.stopped);
  } catch (error) {
    printError(definition.name, error);
    process.exit(error instanceof KvError && error.code === 'USAGE' ? EXIT.usage : EXIT.failed);
  }
}

/** What was opened is closed in the opposite order, also when a later step fails. */
async function serve<Options>(
  definition: ServerDefinition<Options>,
  args: ServerArguments<Options>,
  stopSignal: Promise<void>,
): Promise<void> {
  const context = {options: args.options, onEvent: printEvent};
  if (definition.needsDataDir === false) {
    await serveStore(definition.name, await definition.openStore(context), args, stopSignal);
    return;
  }
  if (args.dataDir === undefined) {
    throw new KvError('USAGE', 'needs a folder for its data: --data-dir, or DATA_DIR');
  }
  const fileSystem = await NodeFileSystem.open(args.dataDir);
  const lock = await acquireDirectoryLock(args.dataDir);
  try {
    const store = await definition.openStore({...context, fileSystem});
    await serveStore(definition.name, store, args, stopSignal);
  } finally {
    await lock.release();
  }
}

async function serveStore(
  name: string,
  store: Store,
  {host, port}: {readonly host: string; readonly port: number},
  stopSignal: Promise<void>,
): Promise<void> {
  try {
    const server = createHttpServer({store, onError: (error) => printError(name, error)});
    const actualPort = await server.listen(host, port).catch((error: unknown) => {
      throw listenError(error, host, port);
    });
    const shownHost = host.includes(':') ? `[${host}]` : host;
    process.stdout.write(`listening on http://${shownHost}:${actualPort}\n`);
    await stopSignal;
    await server.close(STOP_GRACE_MS);
  } finally {
    await store.close();
  }
}

/** Settles at the first SIGTERM or SIGINT; a later one ends the process at once. */
function firstSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const onSignal = (signal: 'SIGTERM' | 'SIGINT'): void => {
      firstAtMs ??= performance.now();
      if (performance.now() - firstAtMs > SAME_SIGNAL_MS) {
        process.exit(128 + constants.signals[signal]);
      }
      resolve();
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function printEvent(event: Parameters<OnEvent>[0]): void {
  process.stderr.write(`${eventLine(event)}\n`);
}

/** One line for what a user can do something about, the stack for what is a bug. */
function printError(name: string, error: unknown): void {
  process.stderr.write(`${name}: ${errorText(error)}\n`);
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The operating system's errors name the system call that failed.
  const isExpected = error instanceof KvError || 'syscall' in error;
  return isExpected ? error.message : (error.stack ?? error.message);
}

function listenError(error: unknown, host: string, port: number): KvError {
  const {code, message} = error as NodeJS.ErrnoException;
  const problems: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is in use by another program; choose another with --port`,
    EACCES: `this user may not listen on port ${port}; choose one above 1023 with --port`,
  };
  const problem = problems[code ?? ''] ?? `cannot listen on ${host}, port ${port}: ${message}`;
  return new KvError('IO', problem, {cause: error});
}
