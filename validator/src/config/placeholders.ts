/** What is filled into the commands of a project: `{port}` and `{dataDir}`. */
import {nearestName} from '@kv-workshop/shared/nearest-name';

const NAMES = ['port', 'dataDir'] as const;
/** Other words for them. */
const SYNONYMS: Readonly<Record<string, string>> = {data: 'dataDir', dir: 'dataDir'};
/** Shorter ones are the variables of some program. */
const LETTERS_MIN = 3;

/**
 * What is wrong with the first `{name}` that will not be filled in, in one
 * clause. A name that looks misspelt is wrong anywhere; any other one only where
 * it is not quoted, since `awk '{print}'` means what it says.
 */
export function wrongPlaceholder(command: string): string | undefined {
  const misspelt = namesIn(command).find((name) => meant(name) !== undefined);
  if (misspelt !== undefined) {
    return `only {port} and {dataDir} are filled in: is {${misspelt}} meant to be {${meant(misspelt)}}?`;
  }
  const [unknown] = namesIn(withoutQuoted(command));
  if (unknown === undefined) return undefined;
  return `only {port} and {dataDir} are filled in; quote {${unknown}} if it is meant for a program`;
}

/** Names in single braces, those that are filled in excepted: `${NAME}` and `{{name}}` are somebody else's. */
function namesIn(command: string): string[] {
  const found = command.matchAll(/(?<![${])\{([A-Za-z]\w*)\}(?!\})/g);
  return Array.from(found, ([, name = '']) => name).filter((name) => !isFilledIn(name));
}

function isFilledIn(name: string): boolean {
  return (NAMES as readonly string[]).includes(name);
}

function meant(name: string): string | undefined {
  const letters = name.replaceAll('_', '').toLowerCase();
  if (letters.length < LETTERS_MIN) return undefined;
  const known = NAMES.map((each) => each.toLowerCase());
  const nearest = nearestName(letters, known);
  return SYNONYMS[letters] ?? NAMES.find((each) => each.toLowerCase() === nearest);
}

function withoutQuoted(command: string): string {
  return command.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/g, '');
}
