/** `kv fixture`: makes, checks and counts fixture files. */
import {createWriteStream} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {FixtureError} from '@kv-workshop/fixtures/fixture-error';
import {formatStats} from '@kv-workshop/fixtures/format-stats';
import {generateFixture} from '@kv-workshop/fixtures/generate/generate-fixture';
import {LINES_DEFAULT} from '@kv-workshop/fixtures/generate/generate-options';
import {type LintProblem, lintFixture} from '@kv-workshop/fixtures/lint';
import {measureFixture} from '@kv-workshop/fixtures/stats';
import {Command, InvalidArgumentError} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {escapeText} from '../report/escape.ts';

/** Lines that are handed to the output at once. */
const LINES_PER_WRITE = 2000;

const GENERATE_HELP = `
The same options give the same file on every machine; its header has them.

Examples:
  kv fixture generate --week 3 --seed 7 --out mine.txt
  kv fixture generate --week 4 --lines 500 | less
`;

const LINT_HELP = `
Reports what is not in the language, what the week in the header does not have,
and reads that a correct server would answer otherwise. Exits with 0 if there
is nothing, and with 64 (bad input) if there is.
`;

interface GenerateFlags {
  readonly week: number;
  readonly seed: number;
  readonly lines: number;
  readonly restarts?: number;
  readonly kills?: number;
  readonly blocks?: number;
  readonly out?: string;
}

interface LintFlags {
  readonly max: number;
}

interface StatsFlags {
  readonly json?: boolean;
}

/** @param stdout where results go */
export function fixtureCommand(stdout: NodeJS.WritableStream = process.stdout): Command {
  return new Command('fixture')
    .description('Make, check and count fixture files.')
    .addCommand(generateCommand(stdout))
    .addCommand(lintCommand(stdout))
    .addCommand(statsCommand(stdout));
}

function generateCommand(stdout: NodeJS.WritableStream): Command {
  return new Command('generate')
    .description('Write a fixture file for a week.')
    .requiredOption('--week <n>', 'for the servers of this week, 1 to 8', wholeNumber)
    .option('--seed <n>', 'another seed makes another file', wholeNumber, 1)
    .option('--lines <n>', 'number of instructions', wholeNumber, LINES_DEFAULT)
    .option('--restarts <n>', 'clean stops, from week 3 on (default: a few)', wholeNumber)
    .option('--kills <n>', 'crashes, from week 3 on (default: a few)', wholeNumber)
    .option('--blocks <n>', 'requests in so many blocks, in week 8', wholeNumber)
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', GENERATE_HELP)
    .action(async ({out, ...options}: GenerateFlags) => {
      await asUsageErrors(async () => {
        const chunks = Readable.from(inChunks(generateFixture(options)));
        if (out === undefined) await pipeline(chunks, stdout, {end: false});
        else await writeFile(out, chunks);
      });
    });
}

function lintCommand(stdout: NodeJS.WritableStream): Command {
  return new Command('lint')
    .description('Check fixture files.')
    .argument('<file...>', 'the fixture files')
    .option('--max <n>', 'problems shown of each file', wholeNumber, 20)
    .addHelpText('after', LINT_HELP)
    .action(async (files: string[], {max}: LintFlags) => {
      let badFiles = 0;
      for (const file of files) {
        const isClean = await asUsageErrors(() => lintFile(file, max, stdout));
        if (!isClean) badFiles++;
      }
      if (badFiles === 0) return;
      throw new UsageError(
        `${badFiles} of ${files.length} fixture files are not as they should be`,
      );
    });
}

/** @returns whether there is nothing to complain about */
async function lintFile(
  file: string,
  problemsMax: number,
  stdout: NodeJS.WritableStream,
): Promise<boolean> {
  const report = await lintFixture(resolveFromCaller(file), {name: file, problemsMax});
  for (const problem of report.problems)
    stdout.write(`${escapeText(`${file}${describe(problem)}`)}\n`);
  if (report.problemsOmitted > 0) {
    stdout.write(`${escapeText(file)}: and ${report.problemsOmitted} problems more\n`);
  }
  if (report.problems.length === 0 && report.survey !== undefined) {
    stdout.write(
      `${escapeText(file)}: ${report.survey.instructions} instructions, nothing to complain about\n`,
    );
  }
  return report.problems.length + report.problemsOmitted === 0;
}

function describe({line, message}: LintProblem): string {
  return line === undefined ? `: ${message}` : `:${line}: ${message}`;
}

function statsCommand(stdout: NodeJS.WritableStream): Command {
  return new Command('stats')
    .description('Count what fixture files ask of a server.')
    .argument('<file...>', 'the fixture files')
    .option('--json', 'as JSON: an object with one entry a file')
    .action(async (files: string[], {json = false}: StatsFlags) => {
      const all: Record<string, unknown> = {};
      for (const file of files) {
        const stats = await asUsageErrors(() => measureFixture(resolveFromCaller(file), file));
        all[file] = stats;
        if (!json) stdout.write(`${file}\n${indent(formatStats(stats))}`);
      }
      if (json) stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    });
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}\n`).join('');
}

function* inChunks(lines: Iterable<string>): Generator<string, void, undefined> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_PER_WRITE) continue;
    yield `${chunk.join('\n')}\n`;
    chunk = [];
  }
  if (chunk.length > 0) yield `${chunk.join('\n')}\n`;
}

async function writeFile(file: string, chunks: Readable): Promise<void> {
  try {
    await pipeline(chunks, createWriteStream(resolveFromCaller(file)));
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be written: ${code ?? message}`, {cause: error});
  }
}

function wholeNumber(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

/** A fixture that is not usable, or an option that makes no sense, is the caller's mistake. */
async function asUsageErrors<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof FixtureError) throw new UsageError(error.message, {cause: error});
    throw error;
  }
}
