/** A shell command that runs as a process tree of its own, its output drained. */

import {type ChildProcess, spawn} from 'node:child_process';
import {randomUUID} from 'node:crypto';
import {setTimeout as sleep} from 'node:timers/promises';
import {GraderError} from '../errors.ts';
import type {Account} from './account.ts';
import {atExit} from './at-exit.ts';
import {OutputTail} from './output-tail.ts';
import type {ProcessTable} from './process-table.ts';
import {ProcessTree} from './process-tree.ts';
import {startWatching, watch} from './watchdog.ts';

export interface ShellProcessOptions {
  readonly command: string;
  /** The folder to run it in. */
  readonly folder: string;
  /** Added to this process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly processTable?: ProcessTable | undefined;
  /** @default as the grader */
  readonly account?: Account | undefined;
}

/** How the shell ended: one of the two is null. */
export interface ExitStatus {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A tree that kept its pipes is gone, or its daemons hold them: output is not worth more. */
const OUTPUT_END_TIMEOUT_MS = 500;
const POLL_MS_MAX = 20;

export class ShellProcess {
  readonly output = new OutputTail();
  readonly tree: ProcessTree;
  readonly #child: ChildProcess;
  /** Called when nothing of the tree is left to be ended. */
  #forget: () => void;
  readonly #exited: Promise<void>;
  readonly #closed: Promise<void>;
  #exit: ExitStatus | undefined;

  /** @throws GraderError if the shell cannot be started */
  static async start(options: ShellProcessOptions): Promise<ShellProcess> {
    const runId = randomUUID();
    const {account} = options;
    startWatching();
    const child = spawn('/bin/sh', ['-c', options.command], {
      cwd: options.folder,
      env: {...(account?.environment ?? process.env), ...options.env, KV_RUN_ID: runId},
      ...(account === undefined ? {} : {uid: account.uid, gid: account.gid}),
      // A session of its own: no Ctrl-C of our terminal, and a group to signal.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pid = child.pid;
    if (pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw new GraderError(`cannot run a shell in ${options.folder}: ${error.message}`);
    }
    // Before anything else: from here on this process may be killed, and leave it behind.
    const unwatch = watch(pid);
    const tree = new ProcessTree(pid, `KV_RUN_ID=${runId}`, options.processTable);
    return new ShellProcess(child, tree, unwatch);
  }

  private constructor(child: ChildProcess, tree: ProcessTree, unwatch: () => void) {
    this.#child = child;
    this.tree = tree;
    const unregister = atExit(() => tree.killSync());
    this.#forget = () => {
      unregister();
      unwatch();
      this.#forget = () => {};
    };
    if (child.stdout !== null) this.output.attach(child.stdout);
    if (child.stderr !== null) this.output.attach(child.stderr);
    this.#exited = new Promise((resolve) => {
      child.once('exit', (status, signal) => {
        this.#exit = {status, signal};
        tree.rootEnded();
        resolve();
      });
    });
    this.#closed = new Promise((resolve) => child.once('close', () => resolve()));
  }

  /** How the shell ended; undefined while it runs. What it started may live on: see `hasEnded`. */
  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  /** Whether the shell and all that it started have ended. */
  hasEnded(): boolean {
    return this.#exit !== undefined && this.tree.members().length === 0;
  }

  /** Waits for the shell alone. @returns undefined if it still runs after the time */
  async waitForExit(timeoutMs: number): Promise<ExitStatus | undefined> {
    await pollUntil(() => this.#exit !== undefined, timeoutMs);
    return this.#exit;
  }

  /** Waits for the whole tree. @returns whether it had ended within the time */
  async waitForEnd(timeoutMs: number): Promise<boolean> {
    if (!(await pollUntil(() => this.hasEnded(), timeoutMs))) return false;
    await this.#finish();
    return true;
  }

  /**
   * SIGKILL of the whole tree; settles when it is gone.
   * @throws GraderError if something of it cannot be killed
   */
  async kill(): Promise<void> {
    await this.tree.kill(this.#exited);
    await this.#finish();
  }

  /** The tree is gone: takes in the rest of its output. */
  async #finish(): Promise<void> {
    this.#forget();
    await Promise.race([this.#closed, sleep(OUTPUT_END_TIMEOUT_MS, undefined, {ref: false})]);
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

/** @returns whether the condition came true within the time */
async function pollUntil(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pollMs = 1; !condition(); pollMs = Math.min(2 * pollMs, POLL_MS_MAX)) {
    if (performance.now() > deadline) return false;
    await sleep(pollMs);
  }
  return true;
}
