import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Plugin, rolldown} from 'rolldown';
import {applyEdit, type Edit, type Variant} from './mutant.ts';

const WORKSHOP = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const OUT_DIR = join(WORKSHOP, 'node_modules/.cache/kv-workshop/mutants');

const COMMAND = 'exec node server.mjs --port {port} --data-dir {dataDir}';

/** The folder of a week, by its number. */
export async function weekFolder(week: number): Promise<string> {
  const prefix = `${String(week).padStart(2, '0')}-`;
  const names = await readdir(join(WORKSHOP, 'weeks'));
  const name = names.find((candidate) => candidate.startsWith(prefix));
  if (name === undefined) throw new Error(`there is no week ${week}`);
  return join(WORKSHOP, 'weeks', name);
}

/** The file that an edit changes. */
async function editedFile(mutant: Variant, edit: Edit): Promise<string> {
  if (edit.file.includes('/')) return join(WORKSHOP, edit.file);
  return join(await weekFolder(mutant.week), 'src', edit.file);
}

/** The edited files of a mutant, as they read with its bug in them. */
export async function mutatedSources(mutant: Variant): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const edit of mutant.edits) {
    const file = await editedFile(mutant, edit);
    const source = sources.get(file) ?? (await readFile(file, 'utf8'));
    sources.set(file, applyEdit(source, edit, mutant.name));
  }
  return sources;
}

/** Where a mutant is built. */
export function mutantFolder(mutant: Variant): string {
  return join(OUT_DIR, mutant.name);
}

/** Builds a mutant as a student's project, with a kv.yaml; returns its folder. */
export async function bundleMutant(mutant: Variant): Promise<string> {
  const sources = await mutatedSources(mutant);
  const plantBug: Plugin = {name: 'plant-bug', load: (id) => sources.get(id)};
  const input = join(await weekFolder(mutant.week), 'src/main.ts');
  const folder = mutantFolder(mutant);
  // With whatever it has left there.
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true});
  const bundle = await rolldown({input, platform: 'node', plugins: [plantBug], logLevel: 'silent'});
  await bundle.write({file: join(folder, 'server.mjs'), format: 'esm'});
  await bundle.close();
  await writeFile(join(folder, 'kv.yaml'), kvYaml(mutant));
  return folder;
}

function kvYaml(mutant: Variant): string {
  return [
    `# ${mutant.bug}`,
    `week: ${mutant.week}`,
    `command: ${COMMAND}`,
    // The first week has no memtable.
    ...(mutant.week === 1 ? [] : [`small: ${COMMAND} --memtable-entries-max 16`]),
    'files: series',
    '',
  ].join('\n');
}
