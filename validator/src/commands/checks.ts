/** `kv checks`: what `kv grade` checks, and why. */
import {Command} from 'commander';
import {allChecks, checksOf, gradedWeekLast} from '../checks/catalogue.ts';
import {describeCheck} from '../checks/describe-check.ts';
import {UsageError} from '../errors.ts';
import {parseWeek} from '../grade/parse-arguments.ts';
import {nearestOf} from '../nearest-of.ts';
import {checkInFull, checksList} from '../report/checks-list.ts';
import {colourFor} from '../report/colour.ts';

const HELP = `
Examples:
  kv checks 3             the checks that kv grade 3 runs, in its order
  kv checks newest-wins   one check: what it proves, where to look when it fails
  kv checks --json        all of it, for machines
`;

/** @param stdout where results go */
export function checksCommand(stdout: NodeJS.WritableStream = process.stdout): Command {
  return new Command('checks')
    .description('List the checks: what each proves, its points, and hints for when it fails.')
    .argument('[week or id]', 'a week, 1 to 8, or the id of a check')
    .option('--json', 'as JSON: an array, with one object a check')
    .addHelpText('after', HELP)
    .action((asked: string | undefined, {json = false}: {readonly json?: boolean}) => {
      const lines = json ? asJson(asked) : asText(asked);
      stdout.write(lines.map((line) => `${line}\n`).join(''));
    });
}

function asJson(asked: string | undefined): string[] {
  return [JSON.stringify(chosen(asked).checks.map(describeCheck), undefined, 2)];
}

function asText(asked: string | undefined): string[] {
  const colour = colourFor('stdout');
  const {checks, isOne, week} = chosen(asked);
  const described = checks.map(describeCheck);
  const [first] = described;
  if (isOne && first !== undefined) return checkInFull(first, colour);
  return checksList(week, described, colour);
}

/** @throws UsageError */
function chosen(asked: string | undefined) {
  if (asked === undefined) return {checks: allChecks(), isOne: false, week: undefined};
  if (/^\d/.test(asked)) {
    const week = parseWeek(asked);
    if (week > gradedWeekLast()) throw new UsageError(`week ${week} has no checks yet`);
    return {checks: checksOf(week), isOne: false, week};
  }
  const checks = allChecks().filter(({id}) => id === asked);
  if (checks.length > 0) return {checks, isOne: true, week: undefined};
  const ids = allChecks().map(({id}) => id);
  const advice = nearestOf(asked, ids, 'kv checks lists them');
  throw new UsageError(`${asked}: there is no such check; ${advice}`);
}
