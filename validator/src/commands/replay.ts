/** `kv replay`: its arguments and its output; the replaying itself is in ../replay. */
import {Command, Option} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {findProject, type ProjectFlags} from '../config/find-project.ts';
import type {Project} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {writeHistory} from '../history/history-lines.ts';
import {lastOperationsOf} from '../history/history-reader.ts';
import {HistoryRecorder} from '../history/history-recorder.ts';
import type {Transport} from '../http/http-client.ts';
import {replay} from '../replay/replay.ts';
import {CONCURRENCY_DEFAULT} from '../replay/replay-options.ts';
import type {ReplayResult} from '../replay/replay-result.ts';
import {openForReplay, type ReplayTarget} from '../replay/replay-target.ts';
import {surveyOwnFixture} from '../replay/survey-own-fixture.ts';
import {colourFor} from '../report/colour.ts';
import {plural} from '../report/numbers.ts';
import {breakdownCard, type ReplayedFixture, replayFailureCard} from '../report/replay-cards.ts';
import {replayDocument} from '../report/replay-json.ts';
import {ReplayScreen} from '../report/replay-screen.ts';
import {replayExitCode, replaySummary} from '../report/replay-summary.ts';
import type {Screen} from '../report/terminal.ts';
import {writeJson} from '../report/write-json.ts';
import {followUp, shrinkMsOf} from '../shrink/after-replay.ts';
import {EXIT} from '../verdict.ts';

const CARDS_SHOWN = 5;
/** Of the key of a wrong answer, to see which were never answered. */
const OPERATIONS_LOOKED_AT = 50;
const CONCURRENCY_MAX = 1_000;
const FAILURES_MAX = 999_999_999;
const OLD_DATA_HINT = [
  'hint: keys were found that should be absent; a server that has run before may',
  'still hold their data: start it anew, on an empty folder',
];
/** For `--json -`: nothing but the JSON is written. */
const NOWHERE: Screen = {write: () => {}, columns: undefined};

interface ReplayFlags extends Omit<ProjectFlags, 'week' | 'small'> {
  /** True: the command that kv.yaml names. */
  readonly small?: string | true;
  readonly concurrency: string;
  readonly maxFailures?: string;
  readonly history?: string;
  readonly json?: string;
  /** True: for the default time. */
  readonly shrink?: string | true;
  readonly client: Transport;
}

const HELP = `
A file without BARRIER is sent one request after another, over one connection.
Lines that stop the server (KILL, RESTART) need one that is started here: by
--command, --in, or the kv.yaml of this folder. A file that asks for what no
correct server answers is refused; \`kv fixture lint\` names all such lines.

Examples:
  kv replay fixtures/week-01.txt --url http://127.0.0.1:8080
  kv replay fixtures/week-03.txt --in ../my-store
  kv replay mine.txt --url http://127.0.0.1:8080 --history history.jsonl
  kv replay mine.txt --shrink 60s
`;

export function replayCommand(): Command {
  return new Command('replay')
    .description('Send a fixture file to a server, and hold each answer against the file.')
    .argument('<file>', 'the fixture file')
    .option('--url <url>', 'a server that is already running, on this machine')
    .option('--in <folder>', 'start the server of the project in this folder')
    .option('--command <command>', 'start the server with this shell command')
    .option(
      '--concurrency <n>',
      'most requests in flight between barriers',
      `${CONCURRENCY_DEFAULT}`,
    )
    .option('--max-failures <n>', 'stop after so many wrong answers (default: at the end)')
    .option('--shrink [duration]', 'if it fails, cut it to the lines that matter (default: 10s)')
    .option('--history <file>', "write each request's times and outcome, as JSON lines")
    .option('--json <file>', 'write the whole result; - writes it to stdout, and nothing else')
    .addOption(
      new Option('--client <name>', 'who reads the answers: undici is slower, and not by us')
        .choices(['own', 'undici'])
        .default('own'),
    )
    .optionsGroup('The same as in kv.yaml:')
    .option('--build <command>', 'run this first')
    .option('--ready <duration>', 'how long a start may take: 10s')
    .option('--route <name=path...>', 'paths: get=/keys/{key}')
    .option('--body <form>', 'raw, json-string or json:<field>')
    .option('--env <name=value...>', 'variables for the server')
    .option('--small [command]', 'start it with small thresholds: as its kv.yaml says, or so')
    .addHelpText('after', HELP)
    .action(async (file: string, flags: ReplayFlags) => {
      process.exitCode = await run(file, flags);
    });
}

/** @returns the exit code */
async function run(file: string, flags: ReplayFlags): Promise<number> {
  const {client: transport, json} = flags;
  const limits = {
    concurrency: wholeNumber('--concurrency', flags.concurrency, CONCURRENCY_MAX),
    ...(flags.maxFailures === undefined
      ? {}
      : {stopAfterFailures: wholeNumber('--max-failures', flags.maxFailures, FAILURES_MAX)}),
  };
  const path = resolveFromCaller(file);
  const survey = await surveyOwnFixture(path, file);
  const project = projectOf(flags);
  const shrinkMs = shrinkMsOf(flags.shrink, project);
  const target = await openForReplay(project, {week: survey.header.week, transport});
  const screen = new ReplayScreen(json === '-' ? NOWHERE : standardOutput(), colourFor('stdout'));
  const history = new HistoryRecorder();
  onInterrupt(() => screen.interrupted());
  let result: ReplayResult;
  try {
    result = await replay({
      ...limits,
      fixture: {path, name: file, survey},
      server: target.server,
      client: target.client,
      history,
      onProgress: (progress) => screen.progressed(progress),
    });
    const fixture = {path, name: file, week: survey.header.week ?? 1};
    screen.print(await report(result, {...fixture, ...lookUpIn(history, fixture.path)}, target));
    if (flags.history !== undefined) {
      await writeHistory(resolveFromCaller(flags.history), path, history);
    }
  } finally {
    history.dispose();
    await target.dispose();
  }
  const exitCode = replayExitCode(result);
  const isSmall = flags.small !== undefined;
  const failed = {path, name: file, result, project, flags: projectFlags(flags), isSmall, shrinkMs};
  const smallest = exitCode === EXIT.fail ? await followUp(failed, screen) : undefined;
  if (json !== undefined) writeJson(json, replayDocument(result, file, exitCode, smallest));
  return exitCode;
}

/** `--small` without a command means that of kv.yaml. */
function projectFlags({small, ...flags}: ReplayFlags): ProjectFlags {
  return typeof small === 'string' ? {...flags, small} : flags;
}

/** @throws UsageError */
function projectOf(flags: ReplayFlags): Project {
  const {small} = flags;
  const project = findProject(projectFlags(flags));
  if (small === undefined || project.kind !== 'command') return project;
  if (project.smallCommand !== undefined) return {...project, command: project.smallCommand};
  throw new UsageError(
    `--small: ${project.source} has no \`small:\`, a command that starts it with small thresholds`,
  );
}

function lookUpIn(
  history: HistoryRecorder,
  path: string,
): Pick<ReplayedFixture, 'unansweredLines'> {
  return {
    async unansweredLines(key, beforeLine) {
      const wanted = {key, beforeLine, operationsMax: OPERATIONS_LOOKED_AT};
      const operations = await lastOperationsOf(path, history, wanted);
      const lost = operations.filter(({record}) => record.outcome === 'lost');
      return new Set(lost.map(({record}) => record.line));
    },
  };
}

async function report(
  result: ReplayResult,
  fixture: ReplayedFixture,
  {client, server}: ReplayTarget,
): Promise<string[]> {
  const colour = colourFor('stdout');
  const lines: string[] = [];
  for (const failure of result.failures.slice(0, CARDS_SHOWN)) {
    lines.push(...(await replayFailureCard(failure, fixture, client.dialect, colour)), '');
  }
  const hidden = result.failureCount - CARDS_SHOWN;
  if (hidden > 0) lines.push(`and ${plural(hidden, 'more wrong answer')}`, '');
  if (result.breakdown !== undefined) {
    lines.push(...(await breakdownCard(result.breakdown, fixture, colour)), '');
  }
  lines.push(...replaySummary(result, fixture.name, colour));
  if (server.control === undefined && hasFoundTooMuch(result)) lines.push(...OLD_DATA_HINT);
  return lines;
}

/** Whether a key was found that should have been absent. */
function hasFoundTooMuch({failures}: ReplayResult): boolean {
  return failures.some(({permitted, keys}) => {
    return permitted?.every((value) => value === null) || (keys?.unexpected.length ?? 0) > 0;
  });
}

/** @throws UsageError */
function wholeNumber(flag: string, text: string, max: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= max) return number;
  throw new UsageError(`${flag} ${text}: expected a whole number from 1 to ${max}`);
}

function standardOutput(): Screen {
  const {stdout} = process;
  return {
    write: (text) => void stdout.write(text),
    columns: stdout.isTTY ? stdout.columns : undefined,
  };
}

/** Before the handler that ends the process. */
function onInterrupt(act: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.prependListener(signal, act);
  }
}
