/**
 * What the repository's scripts have in common: a bad command line ends with one
 * clear message and status 64, never with a stack trace.
 */
import {fileURLToPath} from 'node:url';
import {type ParseArgsConfig, parseArgs} from 'node:util';
import {Chalk, type ChalkInstance} from 'chalk';

/** The repository's root folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The command line, or a file that a person wrote, is wrong. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Terminal {
  /** Prints a text that ends with its own newline. */
  readonly print: (text: string) => void;
  /** Paints nothing where colour is not wanted. */
  readonly paint: ChalkInstance;
}

/** chalk knows of terminals and FORCE_COLOR, but not of NO_COLOR (https://no-color.org). */
function paintFor(noColor: string | undefined): ChalkInstance {
  return noColor === undefined || noColor === '' ? new Chalk() : new Chalk({level: 0});
}

/** Runs a script's `main` and sets the status that the process will end with. */
export async function runTool(
  main: (args: readonly string[], terminal: Terminal) => Promise<number>,
): Promise<void> {
  // The reader of a pipe may leave early, as `head` does; the status still counts.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const paint = paintFor(process.env['NO_COLOR']);
  try {
    const print = (text: string) => void process.stdout.write(text);
    process.exitCode = await main(process.argv.slice(2), {print, paint});
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${paint.red('error')} ${error.message}\n`);
    process.exitCode = 64;
  }
}

/** parseArgs of node:util, whose complaints become usage errors that show `usage`. */
export function parseToolArgs<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
  usage: string,
) {
  // `pnpm script -- --flag` hands on the dashes; `pnpm script --flag` does not.
  const ownArgs = args[0] === '--' ? args.slice(1) : [...args];
  try {
    return parseArgs({args: ownArgs, options, allowPositionals: true, strict: true});
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\n\n${usage}`);
  }
}
