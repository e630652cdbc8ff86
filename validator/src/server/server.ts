/**
 * A server under test, as the checks see it: an address, and, unless it was
 * only attached to, the means to start, stop and crash it.
 */

export interface Address {
  /** Always a loopback address. */
  readonly host: string;
  readonly port: number;
}

export interface Server {
  /** May be another one after every start: read it anew for every connection. */
  readonly address: Address;
  /** Undefined in attach mode (`--url`): then only requests are possible. */
  readonly control: ServerControl | undefined;
}

export interface ServerControl {
  /** The folder that the server keeps its data in. */
  readonly dataDir: string;
  /** True from a successful start to the next stop or kill. */
  readonly isUp: boolean;

  /**
   * Starts the server on `dataDir` and waits until it is ready.
   * @returns milliseconds until ready
   * @throws ServerFailure exited, not-listening, hang, garbage or connection-closed
   */
  start(): Promise<number>;

  /**
   * SIGTERM, then SIGKILL of the whole tree after a grace time; settles when all
   * of it is gone and its port is closed, and, where it has a user of its own, nothing of that user is
   * left. Does nothing if it is gone already.
   * @returns whether it ended without SIGKILL
   * @throws ServerFailure survivor, or GraderError if it cannot be killed
   */
  stop(): Promise<{readonly clean: boolean}>;

  /**
   * SIGKILL of the whole process tree at once; settles when all of it is gone and
   * its port is closed. Does nothing if it is gone already. It may come while
   * `start` or `stop` is at work; such a start then fails with a GraderError.
   * @throws ServerFailure survivor, or GraderError if it cannot be killed
   */
  kill(): Promise<void>;

  /** Says, if the server has ended by itself, how; undefined while it lives. */
  exitReason(): string | undefined;

  /**
   * As `exitReason`, but gives the process time to die: its connections break a
   * moment before it has ended.
   */
  exitReasonWithin(timeoutMs: number): Promise<string | undefined>;

  /** The last lines that it printed, at most `lines`. */
  lastOutput(lines: number): readonly string[];
}
