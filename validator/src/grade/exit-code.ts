import {EXIT, type ExitCode} from '../verdict.ts';
import type {CheckResult} from './result.ts';

/**
 * What the results of one server mean (contract: states and exit codes).
 *
 * A failure outranks a grader error: it is the server's own and stays true
 * whatever else went wrong. Nothing that passed is no pass: without a single
 * pass, or with a required check that could not run, there is no verdict.
 */
export function exitCodeOf(
  results: readonly CheckResult[],
  required: ReadonlySet<string>,
): ExitCode {
  const states = new Set(results.map((result) => result.state));
  if (states.has('fail')) return EXIT.fail;
  if (states.has('grader-error')) return EXIT.graderError;
  const isMissing = results.some((result) => required.has(result.id) && result.state !== 'pass');
  if (states.has('inconclusive') || isMissing || !states.has('pass')) return EXIT.inconclusive;
  return EXIT.pass;
}

/** Of several servers: the same order of precedence. */
export function worstExitCode(codes: readonly number[]): number {
  const precedence = [EXIT.fail, EXIT.graderError, EXIT.inconclusive];
  return (
    precedence.find((code) => codes.includes(code)) ??
    (codes.length > 0 ? EXIT.pass : EXIT.inconclusive)
  );
}
