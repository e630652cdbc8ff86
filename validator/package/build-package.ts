/**
 * Makes the package of `kv` in validator/dist, which `pnpm pack` then packs: one
 * folder that Node alone can run, with the fixtures and the reference servers.
 *
 *     bin/kv.mjs             as in the checkout
 *     lib/*.mjs              all code, with what it depends on
 *     fixtures/*.txt         the files that grade each week
 *     references/0N-*.mjs    a server a week
 *     starters/*             what `kv init` writes
 *     gradescope/*           parts of autograder.zip
 *     package.json           made here: a name, and no dependencies
 */
import {copyFile, cp, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Plugin, rolldown} from 'rolldown';
import {
  FIXTURES_DIR,
  GRADESCOPE_DIR,
  MANIFEST,
  referenceServers,
  STARTERS_DIR,
} from '../src/installation.ts';
import {licensesOf, packageFolders} from './licenses.ts';

const VALIDATOR = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(VALIDATOR, 'dist');
const NAME = '@kv-workshop/kv';

/** @returns the folder, made anew */
export async function buildPackage(): Promise<string> {
  await rm(OUT, {recursive: true, force: true});
  await mkdir(join(OUT, 'bin'), {recursive: true});
  await copyFile(join(VALIDATOR, 'bin/kv.mjs'), join(OUT, 'bin/kv.mjs'));
  const folders = packageFolders(await buildLibrary());
  await copyFixtures();
  await cp(STARTERS_DIR, join(OUT, 'starters'), {recursive: true});
  await cp(GRADESCOPE_DIR, join(OUT, 'gradescope'), {recursive: true});
  folders.push(...(await copyReferences()));
  await writeFile(join(OUT, 'THIRD-PARTY-LICENSES.txt'), await licensesOf(folders));
  await copyFile(join(VALIDATOR, '../LICENSE'), join(OUT, 'LICENSE'));
  await copyFile(join(VALIDATOR, 'package/README.md'), join(OUT, 'README.md'));
  await copyFile(join(VALIDATOR, 'result.schema.json'), join(OUT, 'result.schema.json'));
  await writeFile(join(OUT, 'package.json'), `${JSON.stringify(await manifest(), undefined, 2)}\n`);
  return OUT;
}

/** @returns the paths of all modules that are in it */
async function buildLibrary(): Promise<string[]> {
  const packaged: Plugin = {
    name: 'packaged-installation',
    resolveId(source, importer) {
      if (importer === undefined || !source.endsWith('/installation.ts')) return null;
      return source.startsWith('.') ? join(VALIDATOR, 'package/installation.ts') : null;
    },
  };
  const build = await rolldown({
    input: {main: join(VALIDATOR, 'src/main.ts')},
    platform: 'node',
    plugins: [packaged],
    logLevel: 'warn',
  });
  try {
    const {output} = await build.write({
      dir: join(OUT, 'lib'),
      format: 'esm',
      entryFileNames: '[name].mjs',
      chunkFileNames: '[name]-[hash].mjs',
    });
    return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  } finally {
    await build.close();
  }
}

async function copyFixtures(): Promise<void> {
  await mkdir(join(OUT, 'fixtures'));
  for (const name of await readdir(FIXTURES_DIR)) {
    if (/^week-\d\d.*\.txt$/.test(name)) {
      await copyFile(join(FIXTURES_DIR, name), join(OUT, 'fixtures', name));
    }
  }
}

/** @returns the folders of the packages that are in them */
async function copyReferences(): Promise<string[]> {
  const packages: string[] = [];
  await mkdir(join(OUT, 'references'));
  for (const {name, folder, file} of referenceServers()) {
    await copyFile(await file(), join(OUT, 'references', `${basename(name)}.mjs`));
    const {dependencies = {}} = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    ) as {readonly dependencies?: Readonly<Record<string, string>>};
    const foreign = Object.keys(dependencies).filter((each) => !each.startsWith('@kv-workshop/'));
    packages.push(...foreign.map((each) => join(folder, 'node_modules', each)));
  }
  return packages;
}

async function manifest(): Promise<object> {
  const source = JSON.parse(await readFile(MANIFEST, 'utf8')) as Record<string, unknown>;
  const root = JSON.parse(await readFile(resolve(VALIDATOR, '../package.json'), 'utf8')) as {
    readonly engines: object;
  };
  const {version, description, license, type, bin} = source;
  return {name: NAME, version, description, license, type, bin, engines: root.engines};
}
