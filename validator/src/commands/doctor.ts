/** `kv doctor`: what this machine has, and what it lacks. */
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {type Finding, findings} from '../doctor/findings.ts';
import {type Colour, colourFor} from '../report/colour.ts';
import {escapeText} from '../report/escape.ts';
import {wrap} from '../report/wrap.ts';
import {writeJson} from '../report/write-json.ts';
import {EXIT} from '../verdict.ts';

const ABOUT_WIDTH = 15;
const WIDTH = 80;

interface DoctorFlags {
  readonly in: string;
  readonly json?: string;
}

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Say what is missing on this machine, and how to get it.')
    .option('--in <folder>', 'the folder of a project, with its kv.yaml', '.')
    .option('--json <file>', 'write it as JSON; - writes it to stdout, and nothing else')
    .action(async ({in: folder, json}: DoctorFlags) => {
      const found = await findings(resolveFromCaller(folder));
      const missing = found.filter(({state}) => state === 'missing');
      process.exitCode = missing.length === 0 ? EXIT.pass : EXIT.fail;
      if (json !== undefined) writeJson(json, {findings: found});
      if (json === '-') return;
      const colour = colourFor('stdout');
      const end =
        missing.length === 0
          ? 'Nothing that kv needs is missing.'
          : `${missing.length} of what kv needs is missing.`;
      const lines = [...found.flatMap((finding) => findingLines(finding, colour)), '', end];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}

function findingLines({state, about, found, advice}: Finding, colour: Colour): string[] {
  const mark = {good: colour.green('+'), missing: colour.red('x'), optional: colour.yellow('-')};
  const [first = '', ...more] = [
    ...wrap(escapeText(found), WIDTH - ABOUT_WIDTH - 4),
    ...(advice === undefined ? [] : wrap(advice, WIDTH - ABOUT_WIDTH - 4)),
  ];
  const indent = ' '.repeat(ABOUT_WIDTH + 4);
  return [
    `  ${mark[state]} ${about.padEnd(ABOUT_WIDTH)}${first}`,
    ...more.map((line) => `${indent}${line}`),
  ];
}
