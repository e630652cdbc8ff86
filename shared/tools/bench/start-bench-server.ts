import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, rm} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {rolldown} from 'rolldown';
import {ROOT} from '../tool.ts';

const PROGRAM = join(import.meta.dirname, 'bench-server.ts');
const BUNDLE = join(ROOT, 'node_modules/.cache/kv-workshop/bench-server');
/** It has a binary beside it, so it stays where it is. */
const CLASSIC_LEVEL = createRequire(import.meta.url).resolve('classic-level');

/** A compaction of all keys, and the pauses that it makes for requests, take less. */
const SETTLED_MS = 5_000;

export type StoreKind =
  | 'map'
  | 'week-8'
  /** Week 8, and no compaction ever becomes due. */
  | 'week-8-uncompacted'
  | 'classic-level'
  | 'classic-level-grouped';

/** What a server has done since the start of its process. The counts are those of week 8. */
export interface Work {
  /** Processor time of all its threads, in microseconds. */
  readonly processorUs: number;
  /** Calls of fdatasync. */
  readonly syncs: number;
  readonly flushes: number;
  readonly compactions: number;
}

/** Bundles `bench-server.ts`, as servers are graded. REQUIRED before the first start. */
export async function bundleBenchServer(): Promise<void> {
  const classicLevel = {
    name: 'classic-level',
    resolveId: (id: string) =>
      id === 'classic-level' ? {id: CLASSIC_LEVEL, external: true} : undefined,
  };
  const build = await rolldown({
    input: PROGRAM,
    platform: 'node',
    logLevel: 'silent',
    plugins: [classicLevel],
  });
  await build.write({dir: BUNDLE, format: 'esm', entryFileNames: '[name].mjs'});
  await build.close();
}

/** A process with `bench-server.ts` in it, and a data folder, which outlives the process. */
export class BenchServer {
  readonly kind: StoreKind;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  #port = 0;

  private constructor(kind: StoreKind, folder: string) {
    this.kind = kind;
    this.#folder = folder;
  }

  static async start(kind: StoreKind): Promise<BenchServer> {
    const server = new BenchServer(kind, await mkdtemp(join(tmpdir(), 'kv-bench-')));
    await server.start();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** After a kill. */
  async start(): Promise<void> {
    // Our own flags are those of a loader that a bundle does not need.
    const child = fork(join(BUNDLE, 'bench-server.mjs'), [this.kind, this.#folder], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    const [{port}] = (await once(child, 'message')) as [{port: number}];
    this.#port = port;
  }

  async work(): Promise<Work> {
    if (this.#child === undefined) throw new Error('it is not running');
    const answer = once(this.#child, 'message');
    this.#child.send('work');
    const [work] = (await answer) as [Work];
    return work;
  }

  /** Settles when no flush or compaction has ended for a while. */
  async settle(): Promise<void> {
    let before: Work;
    let after = await this.work();
    do {
      before = after;
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      after = await this.work();
    } while (after.flushes !== before.flushes || after.compactions !== before.compactions);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Kills it, and removes its data. */
  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, {recursive: true, force: true});
  }
}
