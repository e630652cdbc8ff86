import {bundleMutant} from '../../../validator/test/mutants/bundle-mutant.ts';
import {rateOf, runGrade} from './run-grade.ts';
import type {Soak} from './soak.ts';

/** Each mutant on all checks of its week: a row of the matrix. */
export async function gradeMutants({parts, scratch, report, enter}: Soak): Promise<void> {
  for (const mutant of parts.mutants) {
    const folder = await bundleMutant(mutant);
    const args = ['--in', folder, '--all', '--seed', String(parts.seed ?? 1)];
    const {failed} = await runGrade(scratch, args);
    enter(mutant.name, failed);
    const others = failed.filter((id) => id !== mutant.caughtBy).join(' ');
    const line = `${mutant.name}: ${mutant.caughtBy}${others === '' ? ' alone' : `, also ${others}`}`;
    report(failed.includes(mutant.caughtBy), line);
  }
}

/** Each mutant of the sample on the check that is named for it, several times: a rate. */
export async function gradeSample({parts, scratch, report}: Soak): Promise<void> {
  for (const mutant of parts.mutants) {
    const folder = await bundleMutant(mutant);
    const verdicts: string[] = [];
    for (let round = 1; round <= parts.rounds; round++) {
      const seed = String(parts.seed ?? 1);
      const args = ['--in', folder, '--check', mutant.caughtBy, '--seed', seed];
      verdicts.push((await runGrade(scratch, args)).verdict);
    }
    const isCaught = verdicts.every((verdict) => verdict === 'fail');
    report(
      isCaught,
      `${mutant.name} (week ${mutant.week}), ${mutant.caughtBy}: ${rateOf(verdicts)}`,
    );
  }
}
