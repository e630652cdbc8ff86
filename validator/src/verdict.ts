/**
 * The states of a check and the exit codes of `kv` (docs/contract.md, "States
 * and exit codes").
 */

export type State =
  | 'pass'
  | 'fail'
  /** No verdict could be reached: never a pass. */
  | 'inconclusive'
  /** The grader itself failed: never the server's fault. */
  | 'grader-error'
  /** Not run, because an earlier check failed. */
  | 'blocked'
  /** It grades a format or a stretch task that the project does not claim. */
  | 'not-claimed'
  /** It cannot run on this platform or in attach mode. */
  | 'unavailable';

export const EXIT = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  graderError: 3,
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
