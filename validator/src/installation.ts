/**
 * Where `kv` finds what is not its code: in a checkout of the workshop. The
 * package has ../package/installation.ts in place of this file.
 */
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {bundleServer} from './server/bundle.ts';

const WORKSHOP = fileURLToPath(new URL('../..', import.meta.url));

/** The fixture files that grade each week. */
export const FIXTURES_DIR = join(WORKSHOP, 'fixtures');

/** A folder a language, with what `kv init` writes. */
export const STARTERS_DIR = join(WORKSHOP, 'validator/starters');

/** The parts of autograder.zip. */
export const GRADESCOPE_DIR = join(WORKSHOP, 'validator/package/gradescope');

/** @returns a folder with the whole of `kv`, for Node alone to run */
export async function packageFolder(): Promise<string> {
  const {buildPackage} = await import('../package/build-package.ts');
  return await buildPackage();
}

/** Of the manifest that has the version. */
export const MANIFEST = join(WORKSHOP, 'validator/package.json');

/** A server of the workshop's own, to be graded or compared with. */
export interface ReferenceServer {
  readonly week: number;
  /** As messages call it. */
  readonly name: string;
  /** Its commands run here. */
  readonly folder: string;
  /**
   * @returns the path of a file that `node` can run
   * @throws GraderError if it cannot be made
   */
  readonly file: () => Promise<string>;
}

/** Of all weeks, in ascending order. */
export function referenceServers(): ReferenceServer[] {
  const weeks = join(WORKSHOP, 'weeks');
  return readdirSync(weeks)
    .flatMap((name) => {
      const week = Number(/^0(\d)-/.exec(name)?.[1]);
      const folder = join(weeks, name);
      const main = join(folder, 'src/main.ts');
      const file = () => bundleServer(main);
      return existsSync(main) ? [{week, name: `weeks/${name}`, folder, file}] : [];
    })
    .sort((a, b) => a.week - b.week);
}
