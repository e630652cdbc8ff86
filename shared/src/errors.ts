/**
 * The one error type of the workshop. Code that handles an error looks at its
 * `code`, never at its wording.
 */

export type KvErrorCode =
  /** The key is not 1 to 64 characters of a-z, 0-9, `_`. HTTP 400. */
  | 'INVALID_KEY'
  /** The value is not printable ASCII, or is empty where that is not allowed. HTTP 400. */
  | 'INVALID_VALUE'
  /** The value is longer than this store takes. HTTP 413. */
  | 'VALUE_TOO_LARGE'
  /** The store was closed. HTTP 503. */
  | 'CLOSED'
  /** Another live process holds the data folder. */
  | 'LOCKED'
  /** A file says something that it cannot say; `details` has `file` and, where known, `offset`. */
  | 'CORRUPTION'
  /** A file operation failed; `cause` has the operating system's error. */
  | 'IO'
  /** The command line is wrong. */
  | 'USAGE';

export interface KvErrorDetails {
  /** Path inside the data folder. */
  readonly file?: string;
  /** Bytes from the start of `file`. */
  readonly offset?: number;
  readonly cause?: unknown;
}

export class KvError extends Error {
  readonly code: KvErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;

  constructor(code: KvErrorCode, message: string, details: KvErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause});
    this.name = 'KvError';
    this.code = code;
    this.file = details.file;
    this.offset = details.offset;
  }
}

/** The error for a file whose content contradicts its format. */
export function corruption(file: string, offset: number, problem: string): KvError {
  return new KvError('CORRUPTION', `${file}, byte ${offset}: ${problem}`, {file, offset});
}

/** As it is if it is a KvError or a bug; a failed file operation becomes an IO error. */
export function asKvError(error: unknown): unknown {
  if (error instanceof KvError || !isSystemError(error)) return error;
  return new KvError('IO', `a file operation failed: ${error.message}`, {cause: error});
}

/** The operating system's errors carry a code such as ENOSPC. */
function isSystemError(error: unknown): error is Error & {code: string} {
  return error instanceof Error && 'code' in error && /^E[A-Z0-9]+$/.test(String(error.code));
}
