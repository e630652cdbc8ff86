/** `kv watch`: grades a project again after each save. */
import {Command} from 'commander';
import {findProject} from '../config/find-project.ts';
import {UsageError} from '../errors.ts';
import {parseWeek} from '../grade/parse-arguments.ts';
import {colourFor} from '../report/colour.ts';
import {escapeText} from '../report/escape.ts';
import {watch} from '../watch/watch.ts';

const HELP = `
It runs the first check that did not pass the last time; once that passes, those
behind it; and once they pass, all of the week. A save in the middle begins anew.
Files that .gitignore names, and node_modules, target, dist, build and data, are
not watched.
`;

export function watchCommand(): Command {
  return new Command('watch')
    .description('Grade again after each save, from the check that fails on.')
    .argument('[week]', '1 to 8; by default the one that kv.yaml names')
    .option('--in <folder>', 'the folder of the project, with its kv.yaml')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(weekText: string | undefined, flags: {readonly in?: string}): Promise<void> {
  const project = findProject(flags);
  if (project.kind !== 'command') {
    throw new UsageError(`there is ${project.source}; kv init writes a project`);
  }
  const week = weekText === undefined ? project.week : parseWeek(weekText);
  if (week === undefined) throw new UsageError('which week? `kv watch 3`, or `week: 3` in kv.yaml');
  const colour = colourFor('stdout');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.prependListener(signal, () => stop.abort());
  }
  const kv = process.argv[1] ?? '';
  const folder = flags.in === undefined ? [] : ['--in', flags.in];
  await watch({
    folder: project.folder,
    week,
    // The look for a small replay would be in the way of the next save.
    // What its cards say to repeat is meant for where this was called, as it was called.
    grade: [process.execPath, kv, 'grade', String(week), ...folder, '--shrink', '0'],
    say: (text) => void process.stdout.write(`${colour.cyan('kv watch:')} ${escapeText(text)}\n`),
    signal: stop.signal,
  });
}
