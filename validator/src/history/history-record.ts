/**
 * A history: when each request was sent and answered, and with what. It is kept
 * next to the fixture, not instead of it: keys, values and what was expected
 * are in the fixture's line.
 */

/** What became of one request. */
export type HistoryOutcome =
  /** Answered as the fixture's line says, which leaves nothing open. */
  | 'as-expected'
  /** A read, answered with `observed`: another value, or one of several permitted ones. */
  | 'observed'
  /** A GET, answered with 404, where that was not the one thing expected. */
  | 'absent'
  /** Answered in a way that says nothing about the key; a write may have happened. */
  | 'other'
  /** Sent, and never answered: a write may have happened, then or at any later time. */
  | 'lost'
  /** Nothing was sent. */
  | 'not-sent';

/** One request that was made. Times are microseconds since the history began. */
export interface HistoryRecord {
  /** 1-based line of the fixture. */
  readonly line: number;
  /** From 0. Each connection has one request in flight at a time. */
  readonly connection: number;
  /** 1; 2 for a request that was sent again after its first answer was lost. */
  readonly attempt: number;
  readonly invokeUs: number;
  /** When the answer was complete, or when it was given up. */
  readonly returnUs: number;
  readonly outcome: HistoryOutcome;
  /** Of the answer; 0 if there was none. */
  readonly status: number;
  /** For `observed`: the value, or the keys of a SCAN with commas between them. */
  readonly observed: string | undefined;
}
