/** autograder.zip for Gradescope: https://gradescope-autograders.readthedocs.io/en/latest/specs/ */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {nearestName} from '@kv-workshop/shared/nearest-name';
import {type Zippable, zipSync} from 'fflate';
import {parseDocument} from 'yaml';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {GRADESCOPE_DIR, packageFolder} from '../installation.ts';
import {readPolicy} from '../policy/policy.ts';

/** Debian packages of each language that is more than Node. */
const PACKAGES: Readonly<Record<string, string>> = {
  python: 'python3',
  javascript: '',
  typescript: '',
  go: 'golang-go',
  java: 'default-jdk-headless',
  rust: 'cargo',
  cpp: 'g++ make cmake',
};

export const AUTOGRADER_LANGUAGES = Object.keys(PACKAGES);

const EXECUTABLE = 0o755;
/** Of the policy and the secret: root alone. */
const SECRET = 0o600;
/** Bit 16 on: what zip calls external attributes, as Unix writes them. */
const UNIX = 3;

/**
 * @returns how many files are in it
 * @throws UsageError if the policy is wrong, or could not be marked safely there
 */
export async function writeAutograder(
  policyFile: string,
  languages: readonly string[],
  out: string,
): Promise<number> {
  const policy = readPolicy(policyFile);
  if (policy.runAs === undefined) {
    throw new UsageError(
      `${policyFile}: name a user with runAs (a number will do: runAs: 20001); as root a submission could read the secret and write its own marks`,
    );
  }
  const zip: Zippable = {
    'setup.sh': [setupScript(languages), mode(EXECUTABLE)],
    run_autograder: [read('run_autograder'), mode(EXECUTABLE)],
    'README.md': read('README.md'),
    'kv-grader/secret/policy.yaml': [policyText(policyFile), mode(SECRET)],
  };
  if (policy.secret !== undefined) {
    zip['kv-grader/secret/secret'] = [policy.secret, mode(SECRET)];
  }
  const grader = await packageFolder();
  for (const path of filesIn(grader)) {
    zip[`kv-grader/kv/${path}`] = readFileSync(join(grader, path));
  }
  try {
    writeFileSync(out, zipSync(zip, {level: 6}), {mode: SECRET});
  } catch (error) {
    throw new UsageError(`--out ${out}: ${(error as Error).message}`, {cause: error});
  }
  return Object.keys(zip).length;
}

function setupScript(languages: readonly string[]): Uint8Array {
  const packages = languages.map((language) => {
    const name = PACKAGES[language];
    if (name !== undefined) return name;
    const nearest = nearestName(language, AUTOGRADER_LANGUAGES);
    const advice = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    throw new UsageError(
      `--lang ${language}: known are ${AUTOGRADER_LANGUAGES.join(', ')}${advice}`,
    );
  });
  const text = new TextDecoder().decode(read('setup.sh'));
  return new TextEncoder().encode(text.replace('@PACKAGES@', packages.join(' ').trim()));
}

/** With the secret where it is in the zip. */
function policyText(file: string): Uint8Array {
  const document = parseDocument(readFileSync(resolveFromCaller(file), 'utf8'));
  if (document.has('secretFile')) document.set('secretFile', 'secret');
  return new TextEncoder().encode(String(document));
}

function read(name: string): Uint8Array {
  return readFileSync(join(GRADESCOPE_DIR, name));
}

function mode(bits: number) {
  return {os: UNIX, attrs: bits << 16};
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replace(/^\//, ''))
    .sort();
}
