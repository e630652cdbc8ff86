/** `kv grade`: its arguments and its output; the grading itself is in ../grade. */
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {gradedWeekLast} from '../checks/catalogue.ts';
import {findProject, type ProjectFlags} from '../config/find-project.ts';
import type {Project} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {gradeJobs, type OwnFixture} from '../grade/grade-jobs.ts';
import {type GradeJob, GradeSession} from '../grade/grade-session.ts';
import {type OutputFlags, openOutputs, writeOutputs} from '../grade/outputs.ts';
import {
  defaultJobs,
  parseCheckIds,
  parseJobs,
  parseRequired,
  parseSeed,
  parseWeek,
} from '../grade/parse-arguments.ts';
import type {Grading} from '../grade/result.ts';
import {newSeed} from '../grade/seed.ts';
import {FIXTURES_DIR} from '../installation.ts';
import {saveProgress} from '../progress/progress-file.ts';
import {surveyOwnFixture} from '../replay/survey-own-fixture.ts';
import {colourFor} from '../report/colour.ts';
import {escapeText} from '../report/escape.ts';
import {Quiet, type Reporter} from '../report/reporter.ts';
import {TerminalReporter} from '../report/terminal.ts';
import {RunFolder} from '../server/run-folder.ts';
import {parseShrink} from '../shrink/parse-shrink.ts';
import {EXIT} from '../verdict.ts';

interface GradeFlags extends Omit<ProjectFlags, 'week'>, OutputFlags {
  readonly all?: boolean;
  readonly check?: readonly string[];
  readonly fixture?: string;
  readonly require?: readonly string[];
  readonly seed?: string;
  readonly jobs?: string;
  readonly keep?: boolean;
  readonly shrink: string;
}

const HELP = `
Without --in, --command or --url, the kv.yaml in this folder says what to grade.
Without a kv.yaml, the workshop's own servers are graded.

Examples:
  kv grade                     this folder's project, at the week of its kv.yaml
  kv grade 2 --in ../my-store --all
  kv grade 1 --command './server --port {port} --data {dataDir}'
  kv grade 2 --check flush-readback --seed 7
`;

export function gradeCommand(): Command {
  return new Command('grade')
    .description('Grade a server at a week of the series: run every check that is valid then.')
    .argument('[week]', '1 to 8; by default the one that kv.yaml names')
    .option('--in <folder>', 'the folder of the project, with its kv.yaml')
    .option('--command <command>', 'how to start the server: a shell command')
    .option('--url <url>', 'grade a server that is already running, at this address')
    .option('--all', 'go on after a failed check')
    .option('--fixture <file>', 'replay this file in place of the checks')
    .option('--check <ids...>', 'run these checks only')
    .option('--seed <number>', 'repeat the run of this seed')
    .option('--require <ids...>', 'checks (or all) that count even where they cannot run')
    .option('--jobs <number>', 'checks at a time, each on a server of its own (default: 2)')
    .option('--json <file>', 'write the whole result; - writes it to stdout, and nothing else')
    .option('--html <file>', 'write a report to look at, in one file')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--github', 'in GitHub Actions: add a step summary and annotations')
    .option('--shrink <duration>', 'how long to look for a small replay of a failure', '10s')
    .option('--keep', 'keep the data folders, to look at them')
    .optionsGroup('The same as in kv.yaml:')
    .option('--build <command>', 'run this first')
    .option('--ready <duration>', 'how long a start may take: 10s')
    .option('--route <name=path...>', 'paths: get=/keys/{key}')
    .option('--body <form>', 'raw, json-string or json:<field>')
    .option('--files <formats>', 'series, none, or sstable=<glob>,…')
    .option('--stretch <tasks>', 'optional tasks that are claimed: negative-cache')
    .option('--small <command>', 'how to start a server with small thresholds')
    .option('--env <name=value...>', 'variables for the server')
    .addHelpText('after', HELP)
    .action(async (week: string | undefined, flags: GradeFlags, command: Command) => {
      process.exitCode = await grade(week, flags, command.parent?.version() ?? '');
    });
}

/** @returns the exit code */
async function grade(weekText: string | undefined, flags: GradeFlags, version: string) {
  const week = weekText === undefined ? undefined : parseWeek(weekText);
  const only = flags.check === undefined ? undefined : parseCheckIds('--check', flags.check);
  const required = parseRequired(flags.require ?? []);
  const seed = flags.seed === undefined ? newSeed() : parseSeed(flags.seed);
  const shrinkMs = parseShrink(flags.shrink);
  const jobs = flags.jobs === undefined ? defaultJobs() : parseJobs(flags.jobs);
  const project = findProject(flags);
  if (flags.fixture !== undefined && only !== undefined) {
    throw new UsageError('--fixture and --check exclude each other: a file, or checks?');
  }
  const fixture = flags.fixture === undefined ? undefined : await ownFixture(flags.fixture);

  openOutputs(flags);
  const reporter = reporterFor(flags);
  const runFolder = new RunFolder({keep: flags.keep ?? false});
  const options = {seed, jobs, required, runFolder, shrinkMs, version, all: flags.all ?? false};
  const session = new GradeSession({...options, fixturesDir: FIXTURES_DIR, listener: reporter});
  onInterrupt(() => {
    const report = session.report();
    for (const grading of report.gradings.slice(-1)) reporter.gradingEnded(grading);
    writeOutputs(flags, report);
  });

  if (project.kind === 'reference') reporter.remark(referenceRemark(project));
  for await (const job of gradeJobs({project, flags, week, only, fixture})) {
    const grading = await session.grade(job);
    reporter.gradingEnded(grading);
    if (job.target.kind === 'project' && fixture === undefined)
      keepProgress(job, grading, reporter);
    if (grading.exitCode !== EXIT.pass && !options.all) break;
  }
  if (flags.keep === true) reporter.remark([`The data folders are in ${runFolder.path}`]);
  const report = session.report();
  writeOutputs(flags, report);
  return report.exitCode;
}

async function ownFixture(name: string): Promise<OwnFixture> {
  const path = resolveFromCaller(name);
  return {path, name, survey: await surveyOwnFixture(path, name)};
}

/** What cannot be kept changes no verdict. */
function keepProgress({project}: GradeJob, grading: Grading, reporter: Reporter): void {
  if (project.kind !== 'command') return;
  try {
    saveProgress(project.folder, grading);
  } catch (error) {
    reporter.remark([`The progress was not saved: ${escapeText((error as Error).message)}`]);
  }
}

function referenceRemark({source}: Project): string[] {
  return [
    `There is ${source}: the workshop's own reference servers are graded.`,
    `The checks go from week 1 to ${gradedWeekLast()} so far.`,
    'To grade yours, write a kv.yaml (docs/contract.md#kvyaml), or name it here:',
    "  kv grade 1 --command './server --port {port} --data {dataDir}'",
    '',
  ];
}

function reporterFor({json}: GradeFlags): Reporter {
  if (json === '-') return new Quiet();
  const {stdout} = process;
  const screen = {
    write: (text: string) => void stdout.write(text),
    columns: stdout.isTTY ? stdout.columns : undefined,
  };
  return new TerminalReporter(screen, colourFor('stdout'));
}

/** Before the handler that ends the process: what is written here is all that is. */
function onInterrupt(summarize: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.prependListener(signal, summarize);
  }
}
