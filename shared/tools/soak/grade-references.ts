import {join} from 'node:path';
import {bundleServer} from '../../../validator/src/server/bundle.ts';
import {weekFolder} from '../../../validator/test/mutants/bundle-mutant.ts';
import {referenceName} from '../../../validator/test/mutants/matrix.ts';
import {rateOf, runGrade} from './run-grade.ts';
import type {Soak} from './soak.ts';

/** Each reference on all checks of its week, several times. */
export async function gradeReferences({parts, scratch, report, enter}: Soak): Promise<void> {
  for (const week of parts.weeks) {
    const verdicts: string[] = [];
    const failed = new Set<string>();
    for (let round = 1; round <= parts.rounds; round++) {
      // Without a seed each round has one of its own.
      const seed = parts.seed === undefined ? [] : ['--seed', String(parts.seed)];
      const args = [String(week), '--all', ...seed, ...(await reference(week, scratch))];
      const graded = await runGrade(scratch, args);
      verdicts.push(graded.verdict);
      for (const id of graded.failed) failed.add(id);
      for (const complaint of graded.complaints) report(false, `  round ${round}: ${complaint}`);
    }
    if (parts.rounds === 0) continue;
    const isRight = verdicts.every((verdict) => verdict === 'pass');
    report(isRight, `reference ${week}: ${rateOf(verdicts)}`);
    enter(referenceName(week), Array.from(failed));
  }
}

/** A reference must not pass as the week after. */
export async function gradeAsNextWeek({parts, scratch, report}: Soak): Promise<void> {
  for (const week of parts.weeks.filter((each) => each < parts.weekLast)) {
    const args = [String(week + 1), ...(await reference(week, scratch))];
    const {verdict, failed} = await runGrade(scratch, args);
    const by = failed[0] ?? 'no check';
    report(
      verdict === 'fail',
      `reference ${week} graded as week ${week + 1}: ${verdict}, by ${by}`,
    );
  }
}

/** The reference as any project, in a folder of its own, its formats claimed. */
async function reference(week: number, folder: string): Promise<string[]> {
  const bundle = await bundleServer(join(await weekFolder(week), 'src/main.ts'));
  const command = `exec ${process.execPath} ${bundle} --port {port} --data-dir {dataDir}`;
  return ['--in', folder, '--files', 'series', '--command', command];
}
