/**
 * What the HTTP shell asks of a storage engine. A week that lacks DELETE or
 * SCAN leaves the method out, and the shell answers accordingly.
 */

export type MaybePromise<T> = T | Promise<T>;

export interface Store {
  /** The lengths of value that this store takes; the shell refuses others. */
  readonly valueLimits: ValueLimits;

  /** The newest value of `key`, or undefined if there is none: a missing key is not an error. */
  get(key: string): MaybePromise<string | undefined>;

  /** Once settled, `key` has `value`, as durably as the week promises. */
  put(key: string, value: string): MaybePromise<void>;

  /** Once settled, `key` is absent. Deleting an absent key is not an error. */
  delete?(key: string): MaybePromise<void>;

  /** The keys in [start, end), sorted by byte, each once. */
  scan?(start: string, end: string): Iterable<string> | AsyncIterable<string>;

  /** Ends background work and closes the files. Later calls are refused with CLOSED. */
  close(): MaybePromise<void>;
}

export interface ValueLimits {
  readonly bytesMin: number;
  readonly bytesMax: number;
}
