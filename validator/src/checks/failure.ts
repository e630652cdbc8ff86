/**
 * How a check ends badly. Thrown by checks, turned into states by the runner,
 * shown by the failure card and the exports.
 */
import type {Get, Scan} from '@kv-workshop/fixtures/instruction';
import type {ServerFailureKind} from '../errors.ts';

/** One line in the life of a key. */
export interface LifeEntry {
  /** Where: `line 812` of a fixture, `write 120` of a check, a file; empty for an event. */
  readonly at: string;
  /** What: `PUT abc = 7`, `KILL`. Not escaped. */
  readonly what: string;
}

/** Two texts that should be the same; the card points at the first byte that differs. */
export interface Difference {
  readonly expected: string;
  /** What the server sent, one character a byte (latin1): it need not be text. */
  readonly got: string;
}

/** What a failure card shows. Text from the server is kept as it came: the reports escape it. */
export interface Failure {
  /** One sentence: what is wrong. */
  readonly summary: string;
  /** The request as sent: request line, then the body if there was one. */
  readonly request?: string;
  readonly expected?: string;
  readonly got?: string;
  readonly difference?: Difference;
  readonly key?: string;
  /** The last writes of `key`, and what happened to the server between them. */
  readonly life?: readonly LifeEntry[];
  /** What must always hold, and did not. */
  readonly invariant?: string;
  /** Further lines: last output of the server, first bytes of an answer. */
  readonly details?: readonly string[];
  /** No complete answer came to the request: how that was. */
  readonly brokenDown?: ServerFailureKind;
  /** Of the answer. */
  readonly status?: number;
  /** The fixture file that shows this failure too, if `kv replay` is given it. */
  readonly fixture?: string;
  /** The line of `fixture` that went wrong. */
  readonly fixtureLine?: number;
  /** The read that went wrong, after what the check's ledger has: what it expects is not filled in. */
  readonly read?: Get | Scan;
}

/** What a failure says of its cause. */
export type FailureCause = Pick<Failure, 'fixture' | 'fixtureLine' | 'read' | 'brokenDown'>;

/** The server broke a rule. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.summary);
    this.failure = failure;
  }
}

/** The check could not reach a verdict; `message` says why and what would help. */
export class Inconclusive extends Error {
  override name = 'Inconclusive';
}
