/**
 * The three kinds of failure that the validator tells apart. Whatever is thrown
 * and is none of these is a bug of the validator, and ends as a grader error.
 */

/** The caller's input is wrong: exit 64. `message` says what and where. */
export class UsageError extends Error {
  override name = 'UsageError';
  /** What they quote may be anybody's text: each is escaped when it is printed. */
  readonly lines: readonly string[];

  /** @param message one line; or its lines, where it has several */
  constructor(message: string | readonly string[], options?: ErrorOptions) {
    const lines = typeof message === 'string' ? [message] : message;
    super(lines.join('\n'), options);
    this.lines = lines;
  }
}

/** The validator or its machine failed, not the server: exit 3. */
export class GraderError extends Error {
  override name = 'GraderError';
}

export type ServerFailureKind =
  /** The process ended by itself; the message has its status and last output. */
  | 'exited'
  /** It runs, but nothing listens on its port within the start deadline. */
  | 'not-listening'
  /** The port accepts connections, but no answer comes in time. */
  | 'hang'
  /** What it sent is not HTTP. */
  | 'garbage'
  /** The answer's body is longer than any value can be, or has no end. */
  | 'body-too-long'
  /** The answer began, but was not complete in time. */
  | 'slow-body'
  /** The connection was closed or reset before the answer was complete. */
  | 'connection-closed'
  /** Nothing accepts connections on the port, though the server is up. */
  | 'refused'
  /** It did not end in time after SIGTERM. */
  | 'ignores-sigterm'
  /** Something of it lives on, and cannot be found, after SIGKILL of its whole tree. */
  | 'survivor'
  /** The build command failed. */
  | 'build-failed';

/** The server under test did something that no server may do. */
export class ServerFailure extends Error {
  override name = 'ServerFailure';
  readonly kind: ServerFailureKind;
  /** Further lines for the failure card: last output, first bytes, hints. */
  readonly details: readonly string[];

  constructor(kind: ServerFailureKind, message: string, details: readonly string[] = []) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}
