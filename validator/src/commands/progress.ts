/** `kv progress`: how far a project has come. */
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {KV_YAML, readKvYaml} from '../config/kv-yaml.ts';
import {UsageError} from '../errors.ts';
import {readProgress} from '../progress/progress-file.ts';
import {allProgress, progressLines} from '../progress/show-progress.ts';
import {colourFor} from '../report/colour.ts';
import {writeJson} from '../report/write-json.ts';

interface ProgressFlags {
  readonly in: string;
  readonly json?: string;
}

export function progressCommand(): Command {
  return new Command('progress')
    .description('Show which checks of each week have passed, as kv grade and kv watch found.')
    .option('--in <folder>', 'the folder of the project, with its kv.yaml', '.')
    .option('--json <file>', 'write it as JSON; - writes it to stdout, and nothing else')
    .action(({in: name, json}: ProgressFlags) => {
      const folder = resolveFromCaller(name);
      if (readKvYaml(folder) === undefined) {
        throw new UsageError(`there is no ${KV_YAML} in ${name}; kv init writes a project`);
      }
      const weeks = allProgress(readProgress(folder));
      if (json !== undefined) writeJson(json, {weeks});
      if (json === '-') return;
      process.stdout.write(`${progressLines(weeks, colourFor('stdout')).join('\n')}\n`);
    });
}
