/** What of the soak run is to be done now. */
import type {Mutant} from '../../../validator/test/mutants/mutant.ts';
import {UsageError} from '../tool.ts';
import {rotation} from './rotation.ts';

const SEED_MAX = 2 ** 32 - 1;

export const SOAK_OPTIONS = {
  week: {type: 'string', multiple: true},
  mutant: {type: 'string', multiple: true},
  missing: {type: 'boolean'},
  rounds: {type: 'string', default: '3'},
  sample: {type: 'string'},
  seed: {type: 'string'},
  load: {type: 'string', default: '0'},
  matrix: {type: 'boolean'},
} as const;

export const SOAK_USAGE = `pnpm grade:soak [--week N]... [--mutant NAME]... [--missing] [--rounds N]
                [--sample N] [--seed N] [--load N] [--matrix]
  --week N       mutants and reference of these weeks only
  --mutant NAME  these mutants only, and no reference
  --missing      mutants that are not in the matrix yet, and no reference
  --rounds N     gradings of each reference, and of each mutant of a sample (3)
  --sample N     only so many of these mutants, each graded on its own check alone
  --seed N       of all gradings; and of the sample: the next seed takes the next mutants
  --load N       so many busy loops meanwhile (0)
  --matrix       enter what is found into validator/test/golden/matrix.txt`;

export interface Parts {
  readonly mutants: readonly Mutant[];
  /** Whose references are graded. */
  readonly weeks: readonly number[];
  /** The last week that can be graded. */
  readonly weekLast: number;
  readonly rounds: number;
  /** Whether the mutants are a few that take turns, each graded on its own check alone. */
  readonly isSample: boolean;
  /** Undefined: references are graded with a new seed each time, mutants with seed 1. */
  readonly seed: number | undefined;
  /** Busy loops meanwhile. */
  readonly loops: number;
}

interface Values {
  readonly week?: string[] | undefined;
  readonly mutant?: string[] | undefined;
  readonly missing?: boolean | undefined;
  readonly rounds: string;
  readonly sample?: string | undefined;
  readonly seed?: string | undefined;
  readonly load: string;
}

interface There {
  readonly mutants: readonly Mutant[];
  readonly weekLast: number;
  /** Names that have a row in the matrix. */
  readonly known: ReadonlySet<string>;
}

/** @throws UsageError */
export function chooseParts(values: Values, {mutants, weekLast, known}: There): Parts {
  const weeks = (values.week ?? []).map((text) => wholeNumber('--week', text, 1, weekLast));
  for (const name of values.mutant ?? []) {
    if (mutants.some((mutant) => mutant.name === name)) continue;
    throw new UsageError(`--mutant ${name}: there is no such mutant`);
  }
  const isOfWeek = (week: number) => weeks.length === 0 || weeks.includes(week);
  const isChosen = ({name, week}: Mutant) =>
    isOfWeek(week) &&
    (values.mutant === undefined || values.mutant.includes(name)) &&
    (values.missing !== true || !known.has(name));
  const hasReferences = values.mutant === undefined && values.missing !== true;
  const all = Array.from({length: weekLast}, (_, index) => index + 1);
  const seed =
    values.seed === undefined ? undefined : wholeNumber('--seed', values.seed, 0, SEED_MAX);
  const chosen = mutants.filter(isChosen);
  return {
    mutants: values.sample === undefined ? chosen : sampleOf(chosen, values.sample, seed),
    weeks: hasReferences ? all.filter(isOfWeek) : [],
    weekLast,
    rounds: wholeNumber('--rounds', values.rounds, 0, 1_000),
    isSample: values.sample !== undefined,
    seed,
    loops: wholeNumber('--load', values.load, 0, 64),
  };
}

function sampleOf(mutants: readonly Mutant[], count: string, seed = 1): Mutant[] {
  return rotation(mutants, wholeNumber('--sample', count, 0, 1_000), seed);
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`${flag} ${text}: expected a whole number from ${min} to ${max}`);
}
