/** `kv history`: its arguments and its output; the checking itself is in ../linearizability. */
import {Command, Option} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {readHistoryFile} from '../history/history-file.ts';
import {checkHistory} from '../linearizability/check-history.ts';
import {modelNames, modelOf} from '../linearizability/model.ts';
import {colourFor} from '../report/colour.ts';
import {historyDocument} from '../report/history-json.ts';
import {historyReport} from '../report/history-report.ts';
import {EXIT, type ExitCode} from '../verdict.ts';

interface CheckFlags {
  readonly model: string;
  readonly json?: boolean;
}

const HELP = `
A history is one JSON object a line: who asked for what, when, and what came
(docs/histories.md). kv replay --history FILE writes one. It is linearizable if
all requests can be put in one order, each at one moment between its beginning
and its end, that explains all answers.

Exit codes: 0 linearizable, 1 not, 2 undecided, 64 bad input.

Examples:
  kv replay mine.txt --url http://127.0.0.1:8080 --history history.jsonl
  kv history check history.jsonl
  kv history check jepsen.jsonl --model cas-register --json
`;

/** @param stdout where results go */
export function historyCommand(stdout: NodeJS.WritableStream = process.stdout): Command {
  return new Command('history')
    .description('Check recorded histories.')
    .addCommand(checkCommand(stdout));
}

function checkCommand(stdout: NodeJS.WritableStream): Command {
  return new Command('check')
    .description('Say whether a history is linearizable, and if not, why.')
    .argument('<file>', 'the history, as JSON lines')
    .addOption(
      new Option('--model <name>', 'what the keys are').choices(modelNames()).default('register'),
    )
    .option(
      '--json [file]',
      'write the whole result as JSON, to stdout and nothing else, or a file',
    )
    .addHelpText('after', HELP)
    .action(async (file: string, flags: CheckFlags) => {
      process.exitCode = await check(file, flags, stdout);
    });
}

async function check(
  file: string,
  {model: modelName, json = false}: CheckFlags,
  stdout: NodeJS.WritableStream,
): Promise<ExitCode> {
  const model = modelOf(modelName);
  if (model === undefined) throw new UsageError(`--model ${modelName}: there is no such model`);
  const history = await readHistoryFile(resolveFromCaller(file), file, model);
  if (history.operations.length + history.scans.length === 0) {
    throw new UsageError(`${file}: there is no answered request in it`);
  }
  const result = checkHistory(history, {model});
  const exitCode = EXIT_CODES[result.verdict];
  const printed = json
    ? [JSON.stringify(historyDocument(result, {file, model: modelName, exitCode}), undefined, 2)]
    : historyReport(result, file, colourFor('stdout'));
  stdout.write(printed.map((line) => `${line}\n`).join(''));
  return exitCode;
}

const EXIT_CODES = {
  linearizable: EXIT.pass,
  'not-linearizable': EXIT.fail,
  undecided: EXIT.inconclusive,
} as const;
