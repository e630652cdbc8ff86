import type {Parts} from './parts.ts';

/** A soak run, for those who grade a part of it. */
export interface Soak {
  readonly parts: Parts;
  /** A folder for what is in the way elsewhere. */
  readonly scratch: string;
  /** Prints a line; one that is not right makes the run fail. */
  readonly report: (isRight: boolean, line: string) => void;
  /** Enters a row into the matrix, if that is wanted. */
  readonly enter: (name: string, failed: readonly string[]) => void;
}
