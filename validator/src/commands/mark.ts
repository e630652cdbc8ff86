/** `kv mark`: what a submission is worth under an instructor's policy. */
import {mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readInput} from '@kv-workshop/fixtures/input-file';
import {Command} from 'commander';
import * as v from 'valibot';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {gradescopeResults, noResult} from '../export/gradescope.ts';
import {htmlReport} from '../export/html.ts';
import {openOutputs} from '../grade/outputs.ts';
import {defaultJobs, parseJobs} from '../grade/parse-arguments.ts';
import type {GradeReport} from '../grade/result.ts';
import {mark, type Submission} from '../policy/mark.ts';
import {marksLines} from '../policy/marks-table.ts';
import {type Policy, readPolicy} from '../policy/policy.ts';
import {colourFor} from '../report/colour.ts';
import {Quiet} from '../report/reporter.ts';
import {TerminalReporter} from '../report/terminal.ts';
import {writeJson, writeOutput} from '../report/write-json.ts';
import {RunFolder} from '../server/run-folder.ts';

const METADATA_BYTES_MAX = 16 * 1024 * 1024;

interface MarkFlags {
  readonly policy: string;
  readonly in: string;
  readonly student?: string;
  readonly submitted?: string;
  readonly jobs?: string;
  readonly json?: string;
  readonly html?: string;
  readonly gradescope?: string;
}

const HELP = `
The policy is a file that only you can read:

  week: 3
  total: 100
  points: {kill-twice: 10}        # of some checks; kv checks 3 has the others
  unclaimed: [sstable, manifest]  # formats that may be unclaimed without a cost
  deadlines:
    - {until: "2026-12-01T23:59:00Z", percent: 100}
    - {until: "2026-12-03T23:59:00Z", percent: 50}
  secretFile: secret              # a seed for each student is derived from it
  runAs: 20001                    # as root: the user that builds and runs the server

Examples:
  kv mark --policy policy.yaml --in submissions/ada --student ada
  kv mark --policy policy.yaml --gradescope /autograder
`;

export function markCommand(): Command {
  return new Command('mark')
    .description('Mark a submission under a policy: checks, points, deadlines, seeds.')
    .requiredOption('--policy <file>', 'the policy')
    .option('--in <folder>', 'the folder of the submission, with its kv.yaml', '.')
    .option('--student <name>', 'who handed it in: the seed is derived from it')
    .option('--submitted <time>', 'when: 2026-12-01T12:00:00Z')
    .option(
      '--jobs <number>',
      'checks at a time, each on a server of its own (default: 2; with runAs always 1)',
    )
    .option('--json <file>', 'write the whole result; - writes it to stdout, and nothing else')
    .option('--html <file>', 'write a report to look at, in one file')
    .option('--gradescope <folder>', 'take the submission from there, and write results.json there')
    .addHelpText('after', HELP)
    .action(async (flags: MarkFlags, command: Command) => {
      process.exitCode = await run(flags, command.parent?.version() ?? '');
    });
}

/** @returns the exit code */
async function run(flags: MarkFlags, version: string): Promise<number> {
  const policy = readPolicy(flags.policy);
  openOutputs(flags);
  const results = flags.gradescope === undefined ? undefined : new ResultsFile(flags.gradescope);
  results?.write(noResult('it ended before it had a result', policy.total ?? 0));
  const submission = submissionOf(flags);
  const {stdout} = process;
  const screen = {
    write: (text: string) => void stdout.write(text),
    columns: stdout.isTTY ? stdout.columns : undefined,
  };
  const reporter =
    flags.json === '-' ? new Quiet() : new TerminalReporter(screen, colourFor('stdout'));
  const report = await mark({
    policy,
    submission,
    runFolder: new RunFolder(),
    jobs: flags.jobs === undefined ? defaultJobs() : parseJobs(flags.jobs),
    version,
    listener: reporter,
    outputs: outputsOf(flags, results),
  });
  const [grading] = report.gradings;
  if (grading !== undefined) {
    reporter.gradingEnded(grading);
    reporter.remark(marksLines(grading));
  }
  writeResults(flags, report, results, policy);
  return report.exitCode;
}

function writeResults(
  {json, html}: MarkFlags,
  report: GradeReport,
  results: ResultsFile | undefined,
  policy: Policy,
): void {
  results?.write(gradescopeResults(report, policy));
  // They are about one student, and the next one's server may run on the same machine.
  if (json !== undefined) writeJson(json, report, {isPrivate: true});
  if (html !== undefined) writeOutput('--html', html, htmlReport(report), {isPrivate: true});
}

function outputsOf({json, html}: MarkFlags, results: ResultsFile | undefined): string[] {
  const files = [json, html].filter((file) => file !== undefined && file !== '-');
  return [...files.map((file) => resolveFromCaller(file ?? '')), ...(results?.paths ?? [])];
}

/** results/results.json in the folder that Gradescope gives; replaced whole, or not at all. */
class ResultsFile {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(resolveFromCaller(root), 'results');
  }

  get paths(): string[] {
    return [join(this.#folder, 'results.json')];
  }

  write(results: object): void {
    const file = join(this.#folder, 'results.json');
    mkdirSync(this.#folder, {recursive: true});
    writeFileSync(`${file}.tmp`, `${JSON.stringify(results, undefined, 2)}\n`, {mode: 0o600});
    renameSync(`${file}.tmp`, file);
  }
}

/** With a day, a time and a zone: what only looks like a time would decide on a deadline. */
const time = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check((text) => !Number.isNaN(parseTime(text).getTime()), 'expected a time that there is'),
);

const metadataSchema = v.object({
  created_at: v.pipe(time, v.transform(parseTime)),
  users: v.pipe(v.array(v.object({email: v.string()})), v.minLength(1)),
});

/** @throws UsageError */
function submissionOf({gradescope, in: folder, student, submitted}: MarkFlags): Submission {
  const submittedAt = submitted === undefined ? undefined : parseTime(submitted);
  if (submitted !== undefined && !v.safeParse(time, submitted).success) {
    throw new UsageError(`--submitted ${submitted}: expected a time: 2026-12-01T12:00:00Z`);
  }
  if (gradescope === undefined) {
    return {folder: resolveFromCaller(folder), student, submittedAt};
  }
  const root = resolveFromCaller(gradescope);
  const metadata = readMetadata(join(root, 'submission_metadata.json'));
  return {
    folder: join(root, 'submission'),
    // A group has one seed, whoever of it hands in.
    student:
      student ??
      metadata.users
        .map(({email}) => email)
        .sort()
        .join(','),
    submittedAt: submittedAt ?? metadata.created_at,
  };
}

function readMetadata(path: string): v.InferOutput<typeof metadataSchema> {
  try {
    return v.parse(metadataSchema, JSON.parse(readInput(path, METADATA_BYTES_MAX).toString()));
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, {cause: error});
  }
}

function parseTime(text: string): Date {
  return new Date(text);
}
