import {join} from 'node:path';
import type {CommandProject, Project} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {HttpClient, type Transport} from '../http/http-client.ts';
import {attachServer} from '../server/attached-server.ts';
import {runBuild} from '../server/build.ts';
import {RunFolder} from '../server/run-folder.ts';
import type {Server} from '../server/server.ts';
import {SpawnedServer} from '../server/spawned-server.ts';

/** A server that is up, and a client of it. */
export interface ReplayTarget {
  readonly server: Server;
  readonly client: HttpClient;
  /** Ends it, if it was started here, and removes its data folder. */
  readonly dispose: () => Promise<void>;
}

export interface TargetOptions {
  /** What the server is told, if the project does not say: the fixture's. */
  readonly week: number | undefined;
  readonly transport: Transport;
}

interface Opened {
  readonly server: Server;
  readonly dispose: () => Promise<void>;
}

/** For the readiness probe; no fixture is likely to have it. */
const ABSENT_KEY = 'kvisready';

/**
 * Attaches to the project's server, or builds and starts it on an empty folder.
 * @throws UsageError if there is none; ServerFailure if it does not start
 */
export async function openForReplay(
  project: Project,
  {week, transport}: TargetOptions,
): Promise<ReplayTarget> {
  if (project.kind === 'reference') {
    throw new UsageError(
      `there is ${project.source}; name a server: --url http://127.0.0.1:8080, --command or --in`,
    );
  }
  const {routes, body} = project;
  const absentKeyPath = routes.get.replaceAll('{key}', ABSENT_KEY);
  const {server, dispose} =
    project.kind === 'url'
      ? {server: await attachServer(project.url, absentKeyPath), dispose: async () => {}}
      : await start(project, project.week ?? week ?? 1, absentKeyPath);
  return {server, client: new HttpClient({server, routes, body, transport}), dispose};
}

async function start(
  project: CommandProject,
  week: number,
  absentKeyPath: string,
): Promise<Opened> {
  const {command, buildCommand, folder, env, readyTimeoutMs} = project;
  if (buildCommand !== undefined) await runBuild({command: buildCommand, folder, week, env});
  const runFolder = new RunFolder();
  const dataDir = join(runFolder.newFolder('replay'), 'data');
  const options = {command, folder, env, readyTimeoutMs, week, dataDir, absentKeyPath};
  const server = new SpawnedServer(options);
  const dispose = async (): Promise<void> => {
    await server.kill();
    runFolder.remove();
  };
  try {
    await server.start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {server, dispose};
}
