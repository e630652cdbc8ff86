/** `kv export`: makes something else of a result that `kv grade --json` has written. */
import {Argument, Command} from 'commander';
import {EXPORT_FORMATS} from '../export/formats.ts';
import {readResult} from '../export/read-result.ts';
import {writeOutput} from '../report/write-json.ts';

const HELP = `
Formats:
${EXPORT_FORMATS.map(({name, about}) => `  ${name.padEnd(20)}${about}`).join('\n')}

Examples:
  kv grade 3 --json result.json; kv export html result.json --out report.html
  kv export github-summary result.json >> "$GITHUB_STEP_SUMMARY"
`;

export function exportCommand(): Command {
  return new Command('export')
    .description('Export a result of kv grade --json.')
    .addArgument(
      new Argument('<format>', 'what to make of it').choices(EXPORT_FORMATS.map(({name}) => name)),
    )
    .argument('<result>', 'the file that kv grade --json has written')
    .option('--out <file>', 'where to write it', '-')
    .addHelpText('after', HELP)
    .action((name: string, file: string, {out}: {readonly out: string}) => {
      const format = EXPORT_FORMATS.find((each) => each.name === name);
      if (format === undefined) throw new Error(`no format ${name}`);
      writeOutput('--out', out, format.render(readResult(file)));
    });
}
