/** `kv find`: its arguments and its output; the finding itself is in ../inspect. */
import {Command} from 'commander';
import {UsageError} from '../errors.ts';
import {findKey} from '../inspect/find-key.ts';
import {foundDocument} from '../inspect/inspect-json.ts';
import {openTarget} from '../inspect/open-target.ts';
import {showFound} from '../inspect/show-find.ts';
import {EXIT} from '../verdict.ts';

const HELP = `
Looks into every file that a read of the key would ask, in its order, and into the
others. What a running server has in memory only is not seen. Nothing is written.

Exit codes: 0 it is told what the key is, absent included; 2 it cannot be told, since
a file that may have the key was not read; 64 bad input.

Examples:
  kv find apple data
  kv find apple data/l0/sst-1.sst
  kv find apple data --json
`;
const KEY_LENGTH_MAX = 1_000;

/** @param stdout where results go */
export function findCommand(stdout: NodeJS.WritableStream = process.stdout): Command {
  return new Command('find')
    .description('Show where a key is in the files of a data folder, and which record counts.')
    .argument('<key>', 'the key')
    .argument('<path>', 'a data folder, or a file')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action(async (key: string, path: string, {json = false}: {readonly json?: boolean}) => {
      if (key === '' || key.length > KEY_LENGTH_MAX) {
        throw new UsageError(`a key has 1 to 64 characters, not ${key.length}`);
      }
      const found = await findKey(openTarget(path), key);
      const lines = json ? [JSON.stringify(foundDocument(found), undefined, 2)] : showFound(found);
      stdout.write(lines.map((line) => `${line}\n`).join(''));
      if (found.unread !== undefined) process.exitCode = EXIT.inconclusive;
    });
}
