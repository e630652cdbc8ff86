/** A server that we start, stop and crash. */

import {chown, mkdir} from 'node:fs/promises';
import {setTimeout as sleep} from 'node:timers/promises';
import {GraderError, ServerFailure} from '../errors.ts';
import type {Account} from './account.ts';
import {guardDisk} from './disk-guard.ts';
import {freePort} from './ports.ts';
import {hostAndPort, probe} from './probe.ts';
import type {ProcessTable} from './process-table.ts';
import {waitUntilReady} from './readiness.ts';
import type {Address, Server, ServerControl} from './server.ts';
import {fillCommand} from './shell-command.ts';
import {ShellProcess} from './shell-process.ts';
import {describeExit} from './start-diagnosis.ts';
import {endUserProcesses} from './user-processes.ts';

export interface SpawnedServerOptions {
  /** For the shell; {port} and {dataDir} stand for a free port and `dataDir`. */
  readonly command: string;
  /** The folder to run it in. */
  readonly folder: string;
  /** An absolute path; made if it does not exist. */
  readonly dataDir: string;
  readonly week: number;
  /** The route of a key that is never written, for the readiness probe. */
  readonly absentKeyPath: string;
  /** Start deadline; recovery counts against it. @default 10,000 */
  readonly readyTimeoutMs?: number;
  /** From SIGTERM to SIGKILL. @default 5,000 */
  readonly stopGraceMs?: number;
  /** Added to the environment; PORT, DATA_DIR and KV_WEEK cannot be changed. */
  readonly env?: Readonly<Record<string, string>>;
  readonly processTable?: ProcessTable;
  /** With more in its data folder it is ended. @default 4 GiB */
  readonly dataBytesMax?: number;
  /** As whom it runs, and whose the data folder is. @default the grader */
  readonly account?: Account | undefined;
}

const READY_TIMEOUT_MS = 10_000;
const STOP_GRACE_MS = 5000;
const PORT_CLOSED_TIMEOUT_MS = 2000;
/** Enough for most to start. */
const DAEMON_TIMEOUT_MS = 1000;
const POLL_MS = 5;

export class SpawnedServer implements Server, ServerControl {
  readonly #options: SpawnedServerOptions;
  #process: ShellProcess | undefined;
  #port = 0;
  #isUp = false;
  /** Whether the latest process was ever ready. */
  #wasReady = false;
  /** Whether the latest process was told to end. */
  #isTakenDown = false;
  #isKilled = false;
  /** Whether, since the latest start, all that runs as the account's user was ended. */
  #isSwept = false;
  #exitReason: string | undefined;
  #endGuard: () => void = () => {};
  /** Why the server was ended while it should have run. */
  #overfull: string | undefined;

  constructor(options: SpawnedServerOptions) {
    this.#options = options;
  }

  get address(): Address {
    return {host: '127.0.0.1', port: this.#port};
  }

  get control(): ServerControl {
    return this;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  async start(): Promise<number> {
    if (this.#isUp) throw new Error('the server is up already');
    const startedAt = performance.now();
    const process = await this.#spawn();
    try {
      await waitUntilReady(process, {
        address: this.address,
        path: this.#options.absentKeyPath,
        timeoutMs: this.#options.readyTimeoutMs ?? READY_TIMEOUT_MS,
      });
    } catch (error) {
      const isOurDoing = this.#isTakenDown;
      await this.kill();
      throw isOurDoing ? new GraderError('the server was ended while it was starting') : error;
    }
    this.#wasReady = true;
    this.#isUp = !this.#isTakenDown;
    return performance.now() - startedAt;
  }

  async stop(): Promise<{readonly clean: boolean}> {
    const process = this.#takeDown();
    if (process === undefined) return {clean: true};
    process.tree.terminate();
    const clean = await process.waitForEnd(this.#options.stopGraceMs ?? STOP_GRACE_MS);
    if (!clean) await process.kill();
    await this.#endRest();
    return {clean: clean && !this.#isKilled};
  }

  async kill(): Promise<void> {
    const process = this.#takeDown();
    if (process === undefined) return;
    this.#isKilled = true;
    await process.kill();
    await this.#endRest();
  }

  exitReason(): string | undefined {
    if (this.#overfull !== undefined) return this.#overfull;
    const process = this.#process;
    if (this.#isTakenDown || process?.exit === undefined) return this.#exitReason;
    return process.hasEnded() ? describeExit(process.exit) : undefined;
  }

  async exitReasonWithin(timeoutMs: number): Promise<string | undefined> {
    if (!this.#isTakenDown) await this.#process?.waitForEnd(timeoutMs);
    return this.exitReason();
  }

  lastOutput(lines: number): readonly string[] {
    return this.#process?.output.lines(lines) ?? [];
  }

  async #spawn(): Promise<ShellProcess> {
    const {command, folder, dataDir, week, env, processTable, account, dataBytesMax} =
      this.#options;
    await mkdir(dataDir, {recursive: true});
    if (account !== undefined) await chown(dataDir, account.uid, account.gid);
    // Another port at every start, for a server that does not set SO_REUSEADDR
    // cannot listen again where its old connections linger in TIME_WAIT.
    this.#port = await freePort();
    const port = String(this.#port);
    this.#process = await ShellProcess.start({
      command: fillCommand(command, {port, dataDir}),
      folder,
      env: {...env, PORT: port, DATA_DIR: dataDir, KV_WEEK: String(week)},
      processTable,
      account,
    });
    this.#wasReady = false;
    this.#isTakenDown = false;
    this.#isKilled = false;
    this.#isSwept = false;
    this.#exitReason = undefined;
    this.#overfull = undefined;
    this.#endGuard();
    this.#endGuard = guardDisk(dataDir, (problem) => this.#endOverfull(problem), dataBytesMax);
    return this.#process;
  }

  /** Its requests fail from here on, and say why. */
  #endOverfull(problem: string): void {
    this.#overfull = problem;
    this.#process?.kill().catch(() => {});
  }

  /** @returns the process that is to be ended, if there ever was one */
  #takeDown(): ShellProcess | undefined {
    this.#endGuard();
    // What it did by itself must stay known; how it ends from here on is our doing.
    this.#exitReason = this.exitReason();
    this.#isUp = false;
    this.#isTakenDown = true;
    return this.#process;
  }

  /** What the process tree has lost: it may hold the data, or come back later. */
  async #endRest(): Promise<void> {
    try {
      await this.#waitUntilRefused();
    } finally {
      const {account} = this.#options;
      // Once for each start: a caller that comes late must not end the next check's server.
      if (account !== undefined && !this.#isSwept) endUserProcesses(account);
      this.#isSwept = true;
    }
  }

  /** Nothing may answer in a dead server's place: its answers would pass for kept data. */
  async #waitUntilRefused(): Promise<void> {
    if (this.#mayComeBack()) await this.#answersWithin(DAEMON_TIMEOUT_MS);
    if (await this.#isRefusedWithin(PORT_CLOSED_TIMEOUT_MS)) return;
    // Free before the start, and handed out to nobody else since.
    const killed = this.#process?.tree.killListeners(this.#port) ?? [];
    if (killed.length > 0) await this.#isRefusedWithin(PORT_CLOSED_TIMEOUT_MS);
    throw new ServerFailure(
      'survivor',
      `something that left the server's process tree still answered on ${hostAndPort(this.address)}`,
      [
        'a process that the server started has left its process group, session and environment,',
        'so it cannot be told from others; let the server run in the foreground, without daemons',
        ...killed.map((pid) => `process ${pid} listened on the port, and was killed`),
      ],
    );
  }

  /** A daemon is what goes on when its parent has ended well, and its port may open later. */
  #mayComeBack(): boolean {
    return !this.#wasReady && this.#process?.exit?.status === 0;
  }

  async #answersWithin(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      const result = await probe(this.address, this.#options.absentKeyPath, timeoutMs);
      if (result.kind !== 'refused') return;
      await sleep(POLL_MS);
    }
  }

  async #isRefusedWithin(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const result = await probe(this.address, this.#options.absentKeyPath, timeoutMs);
      if (result.kind === 'refused') return true;
      if (performance.now() > deadline) return false;
      await sleep(POLL_MS);
    }
  }
}
