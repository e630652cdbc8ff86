/** `kv init`: writes a new project to begin with. */
import {nearestName} from '@kv-workshop/shared/nearest-name';
import {Command} from 'commander';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {LANGUAGES, type Language} from '../init/languages.ts';
import {findTools} from '../init/toolchain.ts';
import {writeProject} from '../init/write-project.ts';
import {shellQuote} from '../server/shell-command.ts';

const NAMES = LANGUAGES.map(({id}) => id);

const HELP = `
Any other language will do as well: all that the grader needs is a kv.yaml
that says how to start the server (docs/contract.md#kvyaml).

Examples:
  kv init my-store --lang go
  cd my-store && kv grade
`;

export function initCommand(): Command {
  return new Command('init')
    .description('Write a server to begin with: it starts, and answers 501 to everything.')
    .argument('<folder>', 'a new folder, or an empty one')
    .requiredOption('--lang <language>', NAMES.join(', '))
    .addHelpText('after', HELP)
    .action((folder: string, {lang}: {readonly lang: string}) => {
      const language = findLanguage(lang);
      const files = writeProject(resolveFromCaller(folder), folder, language);
      process.stdout.write(`${report(folder, language, files).join('\n')}\n`);
    });
}

/** @throws UsageError */
function findLanguage(name: string): Language {
  const language = LANGUAGES.find(({id}) => id === name);
  if (language !== undefined) return language;
  const nearest = nearestName(name, NAMES);
  const advice = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  throw new UsageError(
    `--lang ${name}: there are starters in ${NAMES.join(', ')}${advice}; any other language needs only a kv.yaml`,
  );
}

function report(folder: string, language: Language, files: readonly string[]): string[] {
  const missing = findTools(language).filter(({version}) => version === undefined);
  return [
    `A server in ${language.name}:`,
    ...files.map((file) => `  ${folder.replace(/\/+$/, '')}/${file}`),
    '',
    ...(language.download === undefined ? [] : [language.download]),
    ...missing.map(({tool}) => `${tool.program} is missing here: ${tool.from}`),
    'Next:',
    `  cd ${shellQuote(folder)}`,
    '  kv grade     it fails, and says where to begin',
    '  kv watch     the same again after each save',
  ];
}
