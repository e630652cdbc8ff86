/** `kv export`: makes something else of a result, or a whole autograder of a policy. */
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {AUTOGRADER_LANGUAGES, writeAutograder} from '../export/autograder.ts';
import {EXPORT_FORMATS, type ExportFormat} from '../export/formats.ts';
import {readResult} from '../export/read-result.ts';
import {writeOutput} from '../report/write-json.ts';

const HELP = `
Examples:
  kv grade 3 --json result.json; kv export html result.json --out report.html
  kv export github-summary result.json >> "$GITHUB_STEP_SUMMARY"
  kv export gradescope --policy policy.yaml --lang python go --out autograder.zip
`;

export function exportCommand(): Command {
  const command = new Command('export')
    .description('Make something else of a result, or an autograder of a policy.')
    .addHelpText('after', HELP);
  for (const format of EXPORT_FORMATS) command.addCommand(formatCommand(format));
  return command.addCommand(gradescopeCommand());
}

function formatCommand({name, about, render}: ExportFormat): Command {
  return new Command(name)
    .description(about)
    .argument('<result>', 'the file that kv grade --json has written')
    .option('--out <file>', 'where to write it', '-')
    .action((file: string, {out}: {readonly out: string}) => {
      writeOutput('--out', out, render(readResult(file)));
    });
}

interface GradescopeFlags {
  readonly policy: string;
  readonly lang?: readonly string[];
  readonly out: string;
}

function gradescopeCommand(): Command {
  return new Command('gradescope')
    .description('write autograder.zip for Gradescope: the grader, a policy and its secret')
    .requiredOption('--policy <file>', 'what kv mark takes; it must name runAs')
    .option('--lang <languages...>', `to install: ${AUTOGRADER_LANGUAGES.join(', ')}`)
    .option('--out <file>', 'where to write it', 'autograder.zip')
    .action(async ({policy, lang = [], out}: GradescopeFlags) => {
      const files = await writeAutograder(policy, lang, resolveFromCaller(out));
      process.stdout.write(
        `${out}: ${files} files. It has your policy and your secret in it: keep it to yourself.\n`,
      );
    });
}
