/**
 * The result of `kv grade`, complete: the table, the cards, the exit code and
 * every export are computed from it, and `--json` writes it as it is.
 */
import type {LifeEntry} from '../checks/failure.ts';
import type {Isolation} from '../policy/isolation.ts';
import type {Marks} from '../policy/marks.ts';
import type {SmallestReplay} from '../shrink/smallest-replay.ts';
import type {State} from '../verdict.ts';

/** Raised when a field changes its meaning or goes away; new fields may come without. */
export const SCHEMA_VERSION = 1;

export interface GradeReport {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: {readonly name: 'kv'; readonly version: string};
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly machine: Machine;
  /** One a graded server: several only where the reference weeks grade themselves. */
  readonly gradings: readonly Grading[];
  /** 0, 1, 2, 3 as in the contract; 130 when interrupted. */
  readonly exitCode: number;
}

export interface Machine {
  readonly platform: string;
  readonly node: string;
  readonly cpus: number;
  /** Measured: appends of 64 bytes, each made durable before the next. */
  readonly syncsPerSecond: number;
}

export interface Grading {
  readonly week: number;
  readonly target: Target;
  /** Repeats the run exactly: keys, values, kill points. */
  readonly seed: number;
  readonly durationMs: number;
  readonly checks: readonly CheckResult[];
  /** Why no check could be run: the build failed, the server does not start. */
  readonly interrupted: boolean;
  /** Whether build and server ran as a user who can see nothing of the grader's; when marked. */
  readonly isolation?: Isolation;
  /** What it is worth; when marked. */
  readonly marks?: Marks;
  /** The week of the earliest check that failed. */
  readonly earliestBrokenWeek?: number;
  readonly exitCode: number;
}

export interface Target {
  /** Where the server came from. */
  readonly kind: 'reference' | 'project' | 'command' | 'url';
  /** For people: a folder, a command, an address. */
  readonly name: string;
  /** The arguments of `kv grade` that name this target again. */
  readonly arguments: readonly string[];
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly proves: string;
  /** The week that the check belongs to. */
  readonly week: number;
  readonly state: State;
  readonly durationMs: number;
  /** Requests that were answered. */
  readonly requests: number;
  /** Remarks: what was shortened, how fast it was, what to watch. */
  readonly notes: readonly string[];
  /** Why it did not pass, in one line; absent for a pass. */
  readonly reason?: string;
  /** The check whose failure blocks this one. */
  readonly blockedBy?: string;
  readonly failure?: FailureReport;
}

/** A failure card as data. Text from the server is as it came: whoever prints it escapes it. */
export interface FailureReport {
  readonly summary: string;
  readonly request?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly difference?: {
    readonly expected: string;
    /** What the server sent, one character a byte (latin1): it need not be text. */
    readonly got: string;
  };
  readonly key?: string;
  readonly life?: readonly LifeEntry[];
  /** The records of `key` in the files, the newest first, once the server was stopped. */
  readonly inFiles?: readonly LifeEntry[];
  readonly invariant?: string;
  readonly details: readonly string[];
  /** The last lines that the server printed, if it died or was silent. */
  readonly serverOutput: readonly string[];
  readonly hints: {readonly look: string; readonly cause: string; readonly chapter: string};
  /** Commands that show it again, the narrowest first. */
  readonly reproduce: readonly string[];
  /** Present if a smaller replay of it was looked for. */
  readonly smallest?: SmallestReplay;
}
