/**
 * One request and what became of it: the vocabulary that everything in this
 * folder shares.
 *
 * Bytes on the wire are strings here, one character per byte (latin1): values
 * are ASCII, and comparing strings is the cheapest exact comparison there is.
 */
import type {GraderError, ServerFailure} from '../errors.ts';

export interface HttpRequest {
  readonly method: string;
  /** As it goes into the request line: begins with `/`, already percent-encoded. */
  readonly path: string;
  /** Undefined: no body, and no header that speaks of one. */
  readonly body?: string | undefined;
  readonly contentType?: string | undefined;
  /** A longer answer is a failure. @default HttpLimits.bodyBytesMax */
  readonly bodyBytesMax?: number | undefined;
}

/** A complete answer, whatever its status. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  readonly body: string;
}

/** No complete answer came. */
export interface Lost {
  readonly kind: 'lost';
  /** hang, garbage, slow-body, body-too-long, connection-closed or refused. */
  readonly failure: ServerFailure;
  /** Whether bytes of the request left us: then the server may have acted on it. */
  readonly sent: boolean;
  /**
   * The connection had served earlier requests and turned out to be closed
   * before a single byte of this answer came: the server closed it between two
   * requests without having said so.
   */
  readonly stale: boolean;
}

/** Our side could not even try; says nothing about the server. */
interface MachineTrouble {
  readonly kind: 'machine-trouble';
  readonly error: GraderError;
}

export type Outcome = Answered | Lost | MachineTrouble;

/** Who sent a request. An object rather than two closures: this is the hot path. */
export interface ExchangeListener {
  /** The request is being written; never called if no connection could be had. */
  onSent(): void;
  /** Exactly once, and never from inside `exchange`. It may call `exchange` at once. */
  onOutcome(outcome: Outcome): void;
}

/**
 * A keep-alive connection with one request in flight at a time, reopened when
 * the server closed it. No request is ever sent twice.
 */
export interface Connection {
  /** REQUIRES: the one before has its outcome. */
  exchange(request: HttpRequest, listener: ExchangeListener): void;
  /**
   * Closes the connection; a request in flight ends as lost. It opens again
   * with the next request.
   */
  close(): void;
}

export interface HttpLimits {
  /** From the start of a request, connecting included, to the end of its answer. */
  readonly requestTimeoutMs: number;
  /** Between two parts of one answer. */
  readonly silenceTimeoutMs: number;
  /** All lines before the body. */
  readonly headBytesMax: number;
  /** Of an answer to anything but SCAN. */
  readonly bodyBytesMax: number;
  readonly scanBodyBytesMax: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  requestTimeoutMs: 10_000,
  silenceTimeoutMs: 5_000,
  headBytesMax: 16 * 1024,
  // The longest value (64 KiB) with every character escaped, and JSON around it.
  bodyBytesMax: 512 * 1024,
  // A quarter of a million of the longest keys.
  scanBodyBytesMax: 16 * 1024 * 1024,
};
