/** `kv compare`: its arguments and its output; the comparing itself is in ../compare. */
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {replayLife} from '../checks/replay-life.ts';
import {breakdownCard, differenceCard} from '../compare/card.ts';
import {type CompareResult, compare} from '../compare/compare.ts';
import {compareDocument} from '../compare/document.ts';
import {compareExitCode, compareSummary} from '../compare/summary.ts';
import {findProject, type ProjectFlags} from '../config/find-project.ts';
import {UsageError} from '../errors.ts';
import {parseWeek} from '../grade/parse-arguments.ts';
import {FIXTURES_DIR} from '../installation.ts';
import {openForReplay, type ReplayTarget} from '../replay/replay-target.ts';
import {surveyOwnFixture} from '../replay/survey-own-fixture.ts';
import {colourFor} from '../report/colour.ts';
import {count} from '../report/numbers.ts';
import {writeJson} from '../report/write-json.ts';
import {referenceProject} from '../server/reference-server.ts';

const CLEAR_LINE = '\r\u001b[K';

interface CompareFlags extends Omit<ProjectFlags, 'week'> {
  readonly fixture?: string;
  readonly json?: string;
}

/** The lines that both are asked. */
interface Fixture {
  readonly path: string;
  /** How the caller names it. */
  readonly name: string;
  readonly survey: FixtureSurvey;
}

const HELP = `
Both servers get the same lines, a thousand at a time in turn, up to the first
answer in which they differ. Then, or at the end, both speeds are shown side by
side. A comparison is no grade: kv grade says what is wrong, and why.

Examples:
  kv compare                   the project in this folder, and the reference
                               server of the week that its kv.yaml names
  kv compare 3 --in ../my-store
  kv compare 2 --fixture mine.txt --command './server --port {port} --data {dataDir}'
`;

export function compareCommand(): Command {
  return new Command('compare')
    .description(
      'Your server beside the reference: the first answer that differs, and both speeds.',
    )
    .argument('[week]', '1 to 8; by default the one that kv.yaml names')
    .option('--fixture <file>', 'compare on these lines (default: the long file of the week)')
    .option('--in <folder>', 'the folder of the project, with its kv.yaml')
    .option('--command <command>', 'how to start the server: a shell command')
    .option('--url <url>', 'a server that is already running, on this machine, without data')
    .option('--json <file>', 'write the whole result; - writes it to stdout, and nothing else')
    .optionsGroup('The same as in kv.yaml:')
    .option('--build <command>', 'run this first')
    .option('--ready <duration>', 'how long a start may take: 10s')
    .option('--route <name=path...>', 'paths: get=/keys/{key}')
    .option('--body <form>', 'raw, json-string or json:<field>')
    .option('--env <name=value...>', 'variables for the server')
    .addHelpText('after', HELP)
    .action(async (week: string | undefined, flags: CompareFlags) => {
      process.exitCode = await run(week, flags);
    });
}

/** @returns the exit code */
async function run(weekText: string | undefined, flags: CompareFlags): Promise<number> {
  const asked = weekText === undefined ? undefined : parseWeek(weekText);
  const project = findProject({...flags, week: weekText});
  const given = flags.fixture === undefined ? undefined : await openFixture(flags.fixture);
  const week = weekOf(asked, project.kind === 'reference' ? undefined : project.week, given);
  const fixture = given ?? (await fixtureOfWeek(week));
  const options = {week, transport: 'own'} as const;
  const yours = await openForReplay(project, options);
  try {
    const reference = await openForReplay(await referenceProject(week), options);
    try {
      const result = await compare({
        fixture,
        yours,
        reference,
        onProgress: progress(fixture, flags),
      });
      return await report(result, {week, fixture, yours, json: flags.json});
    } finally {
      await reference.dispose();
    }
  } finally {
    await yours.dispose();
  }
}

/** @throws UsageError */
function weekOf(
  asked: number | undefined,
  configured: number | undefined,
  fixture: Fixture | undefined,
): number {
  const found = asked ?? configured ?? fixture?.survey.header.week;
  if (found !== undefined) return found;
  throw new UsageError('which week? name it: kv compare 3, or `week: 3` in kv.yaml');
}

async function fixtureOfWeek(week: number): Promise<Fixture> {
  const name = `week-0${week}.txt`;
  return openFixture(`${FIXTURES_DIR}/${name}`, name);
}

/** @throws UsageError */
async function openFixture(file: string, name = file): Promise<Fixture> {
  const path = resolveFromCaller(file);
  return {path, name, survey: await surveyOwnFixture(path, name)};
}

/** On a terminal, one line that is drawn again and again. */
function progress({survey}: Fixture, {json}: CompareFlags): (compared: number) => void {
  const {stdout} = process;
  if (!stdout.isTTY || json === '-') return () => {};
  const colour = colourFor('stdout');
  return (compared) => {
    const text = `  ${count(compared)} of ${count(survey.requests)} answers compared`;
    stdout.write(`${CLEAR_LINE}${colour.dim(text)}${compared < survey.requests ? '' : CLEAR_LINE}`);
  };
}

interface Reported {
  readonly week: number;
  readonly fixture: Fixture;
  readonly yours: ReplayTarget;
  readonly json: string | undefined;
}

/** @returns the exit code */
async function report(
  result: CompareResult,
  {week, fixture, yours, json}: Reported,
): Promise<number> {
  const exitCode = compareExitCode(result);
  if (json !== '-') {
    const colour = colourFor('stdout');
    const lines: string[] = [];
    const {difference, breakdown} = result;
    if (difference !== undefined) {
      const {request} = difference;
      const life =
        request.op === 'scan'
          ? []
          : await replayLife(fixture.path, request.key, request.line, week);
      lines.push(
        ...differenceCard(difference, fixture.name, yours.client.dialect, life, colour),
        '',
      );
    }
    if (breakdown !== undefined) lines.push(...breakdownCard(breakdown, fixture.name, colour), '');
    lines.push(...compareSummary(result, fixture.name, colour));
    process.stdout.write(`${process.stdout.isTTY ? CLEAR_LINE : ''}${lines.join('\n')}\n`);
  }
  if (json !== undefined)
    writeJson(json, compareDocument(result, {week, fixture: fixture.name, exitCode}));
  return exitCode;
}
