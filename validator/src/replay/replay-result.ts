import type {Expected, Request} from '@kv-workshop/fixtures/instruction';
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import type {ServerFailure} from '../errors.ts';
import type {KeysDifference} from './answers.ts';

/** One wrong answer. */
export interface ReplayFailure {
  /** The fixture's line, with its number. */
  readonly request: Request;
  readonly kind: /** A status that the contract does not permit here. */
    | 'status'
    /** A body that is not of the form that kv.yaml or the contract says. */
    | 'body'
    /** A GET found another value than any permitted one, or none, or one where there is none. */
    | 'value'
    /** A GET answered otherwise than an earlier one, with no write between them. */
    | 'changed'
    /** A SCAN answered other keys, or in another order. */
    | 'keys';
  /** For `status` and `body`: what would have been right. */
  readonly expected: string | undefined;
  /** For `value` and `changed`: the permitted values, null for 404. */
  readonly permitted: readonly Expected[] | undefined;
  /** For `changed`: the line of the read that settled the key's value. */
  readonly settledAtLine: number | undefined;
  /** For `keys`. */
  readonly keys: KeysDifference | undefined;
  readonly status: number;
  /** One character per byte; its beginning, if it is very long. */
  readonly body: string;
  /** For `value` and `changed`: what was answered, null for 404. */
  readonly value: Expected | undefined;
}

/** The server did what no server may do, and the replay ended there. */
export interface ReplayBreakdown {
  readonly failure: ServerFailure;
  /** The line that was at work. */
  readonly line: number;
  /** Undefined if the server did not come up again after a KILL or RESTART. */
  readonly request: Request | undefined;
}

export type ReplayEnd =
  | 'complete'
  /** As many failures as it was told to stop after. */
  | 'too-many-failures'
  | 'server-failure'
  /** By the AbortSignal. */
  | 'aborted';

export interface ReplayResult {
  readonly end: ReplayEnd;
  readonly survey: FixtureSurvey;
  /** Requests that were answered, rightly or wrongly. */
  readonly answered: number;
  readonly failureCount: number;
  /** The first of them, in the order in which they were noticed. */
  readonly failures: readonly ReplayFailure[];
  readonly breakdown: ReplayBreakdown | undefined;

  /** Requests that were sent and never answered; at an early end, also those let go. */
  readonly lost: number;
  /** Those of them that were sent again, as a second request, because the connection was stale. */
  readonly resent: number;
  /** Requests that were never sent, because the server was killed before their turn. */
  readonly skipped: number;
  /** How often a connection was refused while the server was known to be down. */
  readonly refusedWhileDown: number;
  readonly kills: number;
  readonly restarts: number;
  /** Restarts in which the server had to be killed, since it did not end by SIGTERM. */
  readonly uncleanStops: number;
  /** Reads that could not be judged, because too many writes had failed before. */
  readonly undecided: number;
  /** Keys that could not be followed, because too many were open at once. */
  readonly unfollowed: number;

  readonly concurrency: number;
  /** Most requests in flight at one time. */
  readonly peakInFlight: number;
  /**
   * Blocks had several requests, and yet never two were in flight: nothing is
   * known about the server's concurrency, so this is not a pass.
   */
  readonly wasNeverConcurrent: boolean;
  readonly connectionsOpened: number;

  /** Without the time that the server was down for KILL and RESTART. */
  readonly durationMs: number;
  readonly downMs: number;
  readonly requestsPerSecond: number;
  readonly latency: {readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number};
  /** For people: what the numbers suggest. */
  readonly hints: readonly string[];
}

/** How far a replay is. */
export interface ReplayProgress {
  /** The last line that was taken up. */
  readonly line: number;
  readonly answered: number;
  readonly requests: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly failureCount: number;
  readonly elapsedMs: number;
}
