/** Where the server of each check comes from. */
import {join} from 'node:path';
import type {Check} from '../checks/check.ts';
import {Keys} from '../checks/keys.ts';
import type {OpenServer} from '../checks/open-server.ts';
import type {CommandProject, UrlProject} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {HttpClient} from '../http/http-client.ts';
import {attachServer} from '../server/attached-server.ts';
import type {RunFolder} from '../server/run-folder.ts';
import type {Server} from '../server/server.ts';
import {SpawnedServer} from '../server/spawned-server.ts';
import {checkRandom} from './seed.ts';

export interface ServerSource {
  /** Why what a check needs cannot be had here; undefined if it can. */
  unavailable(check: Check): string | undefined;
  /** A server, not started yet, on an empty data folder of its own. */
  open(checkId: string): OpenServer;
}

/** Never written by any check: those draw other letters, or more of them. */
const PROBE_KEY = 'kvisready';

/** Starts a server of its own for each check. */
export class SpawnedSource implements ServerSource {
  readonly #project: CommandProject;
  readonly #week: number;
  readonly #runFolder: RunFolder;

  constructor(project: CommandProject, week: number, runFolder: RunFolder) {
    this.#project = project;
    this.#week = week;
    this.#runFolder = runFolder;
  }

  unavailable(): undefined {
    return undefined;
  }

  open(checkId: string): OpenServer {
    const {command, folder, env, readyTimeoutMs, account} = this.#project;
    const runFolder = this.#runFolder.newFolder(checkId);
    const server = new SpawnedServer({
      command,
      folder,
      env,
      readyTimeoutMs,
      account,
      week: this.#week,
      dataDir: join(runFolder, 'data'),
      absentKeyPath: probePath(this.#project),
    });
    return {
      get address() {
        return server.address;
      },
      control: server,
      client: clientFor(server, this.#project),
      dispose: async (look) => {
        await server.kill();
        await look?.(server.dataDir);
        this.#runFolder.discard(runFolder);
      },
    };
  }
}

/** Hands out the one server that was already running. */
export class AttachedSource implements ServerSource {
  readonly #server: Server;
  readonly #client: HttpClient;
  /** The one check that may have the server to itself, while it is still empty. */
  #first: Check | undefined;

  private constructor(project: UrlProject, server: Server) {
    this.#server = server;
    this.#client = clientFor(server, project);
  }

  /** @throws UsageError if no server answers there */
  static async attach(project: UrlProject): Promise<AttachedSource> {
    const server = await attachServer(project.url, probePath(project));
    return new AttachedSource(project, server);
  }

  /**
   * Before these checks are run on it.
   * @throws UsageError if it was graded with this seed before
   */
  async prepare(checks: readonly Check[], seed: number): Promise<void> {
    this.#first = checks.find(isFirstWhenAttached);
    await this.#markSeed(seed);
  }

  unavailable(check: Check): string | undefined {
    if (check.needs === 'process') return 'with --url the server cannot be stopped or killed';
    if (check.needs === 'files') return 'with --url the data folder cannot be seen';
    if (check.needsEmptyServer !== true || check === this.#first) return undefined;
    return `with --url the server cannot be emptied: only ${this.#first?.id ?? 'one file'} is replayed`;
  }

  /** The same seed draws the same keys, and those must not be there yet. */
  async #markSeed(seed: number): Promise<void> {
    const key = new Keys(checkRandom(seed, 'attached')).key();
    const connection = this.#client.connect();
    try {
      const {status} = await connection.get(key);
      if (status === 200) {
        throw new UsageError(
          `--seed ${seed}: this server has been graded with this seed before; start it anew, without data`,
        );
      }
      await connection.put(key, String(seed));
    } finally {
      connection.close();
    }
  }

  open(): OpenServer {
    const {address} = this.#server;
    return {address, control: undefined, client: this.#client, dispose: async () => {}};
  }
}

/** Of the checks that need an empty server, only one can run on a server that we cannot empty. */
export function isFirstWhenAttached({needs, needsEmptyServer}: Check): boolean {
  return needs === 'requests' && needsEmptyServer === true;
}

function clientFor(server: Server, {routes, body}: CommandProject | UrlProject): HttpClient {
  return new HttpClient({server, routes, body});
}

function probePath({routes}: CommandProject | UrlProject): string {
  return routes.get.replaceAll('{key}', PROBE_KEY);
}
