import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach} from 'vitest';
import {ServerFailure} from '../../src/errors.ts';
import {shellQuote} from '../../src/server/shell-command.ts';
import {SpawnedServer, type SpawnedServerOptions} from '../../src/server/spawned-server.ts';

const HOSTILE_SERVER = fileURLToPath(new URL('../hostile/server.mjs', import.meta.url));

/** The command of one of test/hostile/server.mjs's behaviours. */
export function hostile(behaviour: string): string {
  return `${shellQuote(process.execPath)} ${shellQuote(HOSTILE_SERVER)} ${behaviour}`;
}

const folders: string[] = [];
const servers: SpawnedServer[] = [];

/** An empty folder, removed after the test. */
export function temporaryFolder(label = ''): string {
  const folder = mkdtempSync(join(tmpdir(), `kv-test-${label}`));
  folders.push(folder);
  return folder;
}

/** A server that is killed after the test, whatever the test did with it. */
export function server(
  command: string,
  options: Partial<SpawnedServerOptions> = {},
): SpawnedServer {
  const created = new SpawnedServer({
    command,
    folder: tmpdir(),
    dataDir: temporaryFolder(),
    week: 3,
    absentKeyPath: '/absent',
    readyTimeoutMs: 20_000,
    ...options,
  });
  servers.push(created);
  return created;
}

afterEach(async () => {
  for (const created of servers.splice(0)) await created.kill();
  for (const folder of folders.splice(0)) rmSync(folder, {recursive: true, force: true});
});

/** The failure of a start that must fail. */
export async function failureOf(start: Promise<unknown>): Promise<ServerFailure> {
  const error = await start.then(
    () => new Error('expected a ServerFailure, but it started'),
    (reason: unknown) => reason,
  );
  if (error instanceof ServerFailure) return error;
  throw error;
}

/** Message and details in one text. */
export function textOf(failure: ServerFailure): string {
  return [failure.message, ...failure.details].join('\n');
}

/** The processes that noted their pid in a data folder. */
export function notedPids(dataDir: string): number[] {
  return readdirSync(dataDir)
    .filter((name) => name.startsWith('pid-'))
    .map((name) => Number(name.slice('pid-'.length)));
}

/** Settles when at least `count` processes have noted their pid. */
export async function untilNoted(dataDir: string, count: number): Promise<void> {
  await until(`${count} processes`, () => notedPids(dataDir).length >= count);
}

/** Those of them that are alive. */
export function survivors(dataDir: string): number[] {
  return notedPids(dataDir).filter(isAlive);
}

/** A zombie is dead: it only waits for its parent, which may be one that never looks. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/stat')) return true;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

/** Polls a condition. @throws if it has not come true within 20 s */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(10);
  }
}
