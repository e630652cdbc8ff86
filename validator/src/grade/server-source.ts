/** Where the server of each check comes from. */
import {join} from 'node:path';
import type {Need} from '../checks/check.ts';
import type {OpenServer} from '../checks/open-server.ts';
import type {CommandProject, UrlProject} from '../config/project.ts';
import {HttpClient} from '../http/http-client.ts';
import {attachServer} from '../server/attached-server.ts';
import type {RunFolder} from '../server/run-folder.ts';
import type {Server} from '../server/server.ts';
import {SpawnedServer} from '../server/spawned-server.ts';

export interface ServerSource {
  /** Why what a check needs cannot be had here; undefined if it can. */
  unavailable(need: Need): string | undefined;
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
    const {command, folder, env, readyTimeoutMs} = this.#project;
    const runFolder = this.#runFolder.newFolder(checkId);
    const server = new SpawnedServer({
      command,
      folder,
      env,
      readyTimeoutMs,
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
      dispose: async () => {
        await server.kill();
        this.#runFolder.discard(runFolder);
      },
    };
  }
}

/** Hands out the one server that was already running. */
export class AttachedSource implements ServerSource {
  readonly #project: UrlProject;
  readonly #server: Server;

  private constructor(project: UrlProject, server: Server) {
    this.#project = project;
    this.#server = server;
  }

  /** @throws UsageError if no server answers there */
  static async attach(project: UrlProject): Promise<AttachedSource> {
    const server = await attachServer(project.url, probePath(project));
    return new AttachedSource(project, server);
  }

  unavailable(need: Need): string | undefined {
    if (need === 'requests') return undefined;
    return need === 'process'
      ? 'with --url the server cannot be stopped or killed'
      : 'with --url the data folder cannot be seen';
  }

  open(): OpenServer {
    const {address} = this.#server;
    const client = clientFor(this.#server, this.#project);
    return {address, control: undefined, client, dispose: async () => {}};
  }
}

function clientFor(server: Server, {routes, body}: CommandProject | UrlProject): HttpClient {
  return new HttpClient({server, routes, body});
}

function probePath({routes}: CommandProject | UrlProject): string {
  return routes.get.replaceAll('{key}', PROBE_KEY);
}
