/**
 * A check: one thing that a server must do, and how to see whether it does.
 */
import type {Random} from '@kv-workshop/fixtures/generate/random';
import type {ServerUnderTest} from './server-under-test.ts';

/**
 * What a check must be able to do: send requests; also start, stop and kill the
 * process; also read the data folder. Each includes the one before.
 */
export type Need = 'requests' | 'process' | 'files';

/** Where a student looks when the check fails. */
export interface Hints {
  /** What to look at first. */
  readonly look: string;
  /** What usually causes it. */
  readonly cause: string;
  /** Where it is explained: a section of the week's chapter or of the contract. */
  readonly chapter: string;
}

/** Roughly what a check costs, for the estimate of the whole run. */
export interface Cost {
  readonly requests: number;
  /** Those of `requests` that are writes, and wait for the disk from week 3 on. */
  readonly writes: number;
  /** Starts of the server after the first one. */
  readonly restarts: number;
}

export interface Check {
  /** Stable, in kebab case: `--check` and `--require` name it. */
  readonly id: string;
  readonly title: string;
  /** Valid from this week to `weekLast`, both included. */
  readonly weekFirst: number;
  readonly weekLast: number;
  /**
   * It goes through all that the graded week has added, whatever week it is
   * from: it runs behind the checks that can name a cause, and its failure says
   * nothing about its own week.
   */
  readonly isLong?: boolean;
  /**
   * What it finds out depends on time, such as a crash in the middle of a flush:
   * no other check runs beside it. @default false
   */
  readonly isTimed?: boolean;
  readonly needs: Need;
  /** It uses the same keys whatever the seed, so it needs a server without any data. */
  readonly needsEmptyServer?: boolean;
  /** The format (as in kv.yaml's `files`) that it grades: run only if claimed. */
  readonly claims?: string;
  /** What a pass shows, in one sentence. */
  readonly proves: string;
  readonly hints: Hints;
  /** What a pass is worth. @default by `needs` (points.ts) */
  readonly points?: number;
  readonly cost: Cost;
  /** The arguments of `kv grade` that run it alone. @default `--check` and its id */
  readonly arguments?: readonly string[];
  /** Longest permitted time. @default DEADLINE_MS */
  readonly deadlineMs?: number;

  /**
   * Ends well if the server did nothing wrong.
   * @throws CheckFailure or ServerFailure: the server's fault
   * @throws Inconclusive: no verdict
   * @throws anything else: the grader's own fault
   */
  run(context: CheckContext): Promise<void>;
}

/** What a check may use. Each check gets its own: nothing is shared between them. */
export interface CheckContext {
  /** The week that is graded, which may be later than the check's first. */
  readonly week: number;
  /** Freshly started on an empty data folder; in attach mode whatever is there. */
  readonly server: ServerUnderTest;
  /** Seeded by the run's seed and the check's id. */
  readonly random: Random;
  readonly environment: Environment;
  /** Adds a remark to the check's row. */
  readonly note: (text: string) => void;
  /** For the live display: how far it is. */
  readonly progress: (text: string) => void;
  /** Aborted at the deadline and on Ctrl-C. */
  readonly signal: AbortSignal;
  /** `performance.now()` by which it must have ended. */
  readonly deadline: number;
}

/** What is the same for all checks of a run. */
export interface Environment {
  /** The folder of fixture files. */
  readonly fixturesDir: string;
  /** Writes that this disk makes durable per second, one after another. */
  readonly syncsPerSecond: number;
  /** Where the files of each claimed format are, by its name. */
  readonly files: ReadonlyMap<string, string>;
  /** Optional tasks that the project claims. */
  readonly stretch: ReadonlySet<string>;
}

/** Ample for every check on a slow machine; a check that replays a long file states its own. */
export const DEADLINE_MS = 120_000;
