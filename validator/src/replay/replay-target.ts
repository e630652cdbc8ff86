import type {Project} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {AttachedSource, type ServerSource, SpawnedSource} from '../grade/server-source.ts';
import {HttpClient, type Transport} from '../http/http-client.ts';
import {runBuild} from '../server/build.ts';
import {RunFolder} from '../server/run-folder.ts';
import type {Server} from '../server/server.ts';

/** A server that is up, and a client of it. */
export interface ReplayTarget {
  readonly server: Server;
  readonly client: HttpClient;
  /** Ends it, if it was started here, and removes its data folder. */
  dispose(): Promise<void>;
}

export interface TargetOptions {
  /** What the server is told, if the project does not say: the fixture's. */
  readonly week: number | undefined;
  readonly transport: Transport;
}

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
  const source = await sourceOf(project, project.week ?? week ?? 1);
  const server = source.open('replay');
  const {routes, body} = project;
  try {
    await server.control?.start();
  } catch (error) {
    await server.dispose();
    throw error;
  }
  return {
    server,
    client: new HttpClient({server, routes, body, transport}),
    dispose: () => server.dispose(),
  };
}

async function sourceOf(
  project: Exclude<Project, {kind: 'reference'}>,
  week: number,
): Promise<ServerSource> {
  if (project.kind === 'url') return await AttachedSource.attach(project);
  const {buildCommand, folder, env} = project;
  if (buildCommand !== undefined) await runBuild({command: buildCommand, folder, week, env});
  return new SpawnedSource(project, week, new RunFolder());
}
