/** A check as `kv checks` and docs/checks.md show it. */
import {type Check, type Hints, type Need} from './check.ts';
import {MUTANTS_OF_CHECKS} from './mutants-of-checks.ts';
import {pointsOf} from './points.ts';

export interface CheckDescription {
  readonly id: string;
  readonly title: string;
  /** Valid from the one to the other, both included. */
  readonly weekFirst: number;
  readonly weekLast: number;
  readonly points: number;
  /** What it must be able to do. */
  readonly needs: Need;
  /** The format or the optional task that a project must claim for it. */
  readonly claims?: string;
  readonly proves: string;
  readonly hints: Hints;
  /** Broken servers that it is known to fail. */
  readonly mutants: readonly MutantDescription[];
}

export interface MutantDescription {
  readonly name: string;
  /** What is wrong with it, in one line. */
  readonly bug: string;
}

export function describeCheck(check: Check): CheckDescription {
  const {id, title, weekFirst, weekLast, needs, claims, proves, hints} = check;
  return {
    id,
    title,
    weekFirst,
    weekLast,
    points: pointsOf(check),
    needs,
    ...(claims === undefined ? {} : {claims}),
    proves,
    hints,
    mutants: MUTANTS_OF_CHECKS[id] ?? [],
  };
}

const NEEDS: Readonly<Record<Need, string>> = {
  requests: 'sends requests',
  process: 'stops and kills the server',
  files: 'stops the server and reads its files',
};

/** `week 3`, `weeks 2 to 8` */
export function weeksOf({weekFirst, weekLast}: CheckDescription): string {
  return weekFirst === weekLast ? `week ${weekFirst}` : `weeks ${weekFirst} to ${weekLast}`;
}

/** What it does to the server, and what it asks of kv.yaml. */
export function doesOf({needs, claims}: CheckDescription): string {
  return claims === undefined ? NEEDS[needs] : `${NEEDS[needs]}, if ${claims} is claimed`;
}
