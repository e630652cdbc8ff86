import {resolve} from 'node:path';
import {
  helpLines,
  type IntegerOption,
  type OptionSpec,
  parseInteger,
  parseOptions,
  specsFromDefaults,
} from './arguments.ts';

/** What a server can be told on its command line. */
export interface ServerArguments<Options> {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Absolute; undefined if none was given. */
  readonly dataDir: string | undefined;
  /** The week's own options, by the names in its table of defaults. */
  readonly options: Options;
}

/** Options as a week declares them: names and defaults. */
export type OptionDefaults<Options> = {readonly [Name in keyof Options]: number | boolean};

const PORT: IntegerOption = {
  name: 'port',
  kind: 'integer',
  default: 8080,
  max: 65_535,
  help: 'where to listen; 0 takes any free port; also PORT in the environment',
};

/**
 * @param environment PORT and DATA_DIR are the defaults of --port and --data-dir
 * @returns the arguments, or the help text if that is what was asked for
 * @throws KvError USAGE
 */
export function parseServerArguments<Options extends OptionDefaults<Options>>(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  defaults: Options,
): ServerArguments<Options> | {readonly helpText: string} {
  const optionSpecs = specsFromDefaults(defaults);
  const specs = [...serverSpecs(environment), ...optionSpecs];
  const values = parseOptions(args, specs);
  if (values.get('help') === true) return {helpText: `Options:\n${helpLines(specs).join('\n')}\n`};

  const options = Object.fromEntries(optionSpecs.map(({name}) => [name, values.get(name)]));
  const dataDir = values.get('dataDir') as string | undefined;
  // `pnpm --dir weeks/… start` runs in that folder, and leaves the caller's in INIT_CWD.
  const callerDir = environment['INIT_CWD'] ?? '.';
  return {
    host: values.get('host') as string,
    port: values.get('port') as number,
    dataDir: dataDir === undefined ? undefined : resolve(callerDir, dataDir),
    options: options as Options,
  };
}

function serverSpecs(environment: NodeJS.ProcessEnv): OptionSpec[] {
  // An empty variable is how many a script says "unset".
  const port = environment['PORT'] || undefined;
  const dataDir = environment['DATA_DIR'] || undefined;
  return [
    {...PORT, default: port === undefined ? PORT.default : parseInteger(PORT, 'PORT', port)},
    {
      name: 'dataDir',
      aliases: ['data'],
      kind: 'text',
      placeholder: 'folder',
      default: dataDir,
      help: 'where to keep the data; created if absent; also --data, and DATA_DIR in the environment',
    },
    {
      name: 'host',
      kind: 'text',
      placeholder: 'address',
      default: '127.0.0.1',
      help: 'the address to listen on',
    },
    {name: 'help', aliases: ['h'], kind: 'flag', default: false, help: 'print this text'},
  ];
}
