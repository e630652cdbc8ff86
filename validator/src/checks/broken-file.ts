/** The failure of a file that breaks a rule. */
import {hexRows} from '../formats/hex-rows.ts';
import {type Problem, RULES} from '../formats/problem.ts';
import {CheckFailure} from './failure.ts';

/** @param path a file, or what else is broken */
export function broken(path: string, problem: string, invariant: string): CheckFailure {
  return new CheckFailure({summary: `${path}: ${problem}`, invariant});
}

/** The first problem that a reader has found: its rule, and the bytes. */
export function throwProblem(path: string, bytes: Uint8Array, problems: readonly Problem[]): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const {offset, rule, message} = first;
  const more = others.length === 0 ? [] : [`(and ${others.length} more problems in this file)`];
  throw new CheckFailure({
    summary: `${path}: ${message}`,
    details: [`${path}, from byte ${offset} on:`, ...hexRows(bytes, offset), ...more],
    invariant: RULES[rule],
  });
}
