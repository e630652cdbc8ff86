/** The licenses of what was bundled: most of them ask to be passed on. */
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

const PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** The folders of the packages that these bundled files are from. */
export function packageFolders(modules: readonly string[]): string[] {
  return modules.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
}

/**
 * @param folders of packages; those that are the same package count once
 * @returns their license texts, by name
 * @throws Error if a package has none
 */
export async function licensesOf(folders: readonly string[]): Promise<string> {
  const sections = new Set(await Promise.all(folders.map(licenseOf)));
  return Array.from(sections)
    .sort()
    .join(`\n${'-'.repeat(80)}\n\n`);
}

async function licenseOf(folder: string): Promise<string> {
  const {name, version, license} = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Record<'name' | 'version' | 'license', string>;
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} ${version}: there is no license file`);
  return `${name} ${version} (${license})\n\n${await readFile(join(folder, file), 'utf8')}`;
}
