/**
 * Bundles a program as for a web page, and notes on the way which files use what
 * only Node has, also in code that is never run.
 */
import {isBuiltin} from 'node:module';
import {relative} from 'node:path';
import {type Plugin, rolldown} from 'rolldown';
import {NODE_GLOBALS} from './web-globals.ts';

export interface WebBundle {
  /** The body of an async function. */
  readonly code: string;
  /** The globals that each file uses, those of the language apart. */
  readonly globals: readonly Use[];
  readonly nodeModules: readonly Use[];
}

export interface Use {
  readonly name: string;
  /** Path from the repository's root. */
  readonly file: string;
}

const ENTRY = '\0entry';
/** The bundler replaces a global's name by an import of this, knowing the scopes. */
const GLOBAL = 'global:';

/**
 * @param program the source of a module without exports
 * @param root the repository's root, absolute
 * @param changed sources that take the place of files, by absolute path
 */
export async function bundleForWeb(
  program: string,
  root: string,
  changed: ReadonlyMap<string, string> = new Map(),
): Promise<WebBundle> {
  const globals: Use[] = [];
  const nodeModules: Use[] = [];
  const plugin: Plugin = {
    name: 'bundle-for-web',
    resolveId(source, importer = ENTRY) {
      if (source === ENTRY) return source;
      const file = relative(root, importer);
      if (source.startsWith(GLOBAL)) {
        globals.push({name: source.slice(GLOBAL.length), file});
        return `\0${source}`;
      }
      if (!isBuiltin(source)) return null;
      nodeModules.push({name: source, file});
      return {id: source, external: true};
    },
    load(id) {
      if (id === ENTRY) return program;
      if (!id.startsWith(`\0${GLOBAL}`)) return changed.get(id) ?? null;
      return `export default globalThis.${id.slice(GLOBAL.length + 1)}`;
    },
  };
  const inject = Object.fromEntries(NODE_GLOBALS.map((name) => [name, [GLOBAL + name, 'default']]));
  const build = await rolldown({
    input: ENTRY,
    cwd: root,
    platform: 'browser',
    plugins: [plugin],
    transform: {inject: inject as Record<string, [string, string]>},
    logLevel: 'silent',
  });
  try {
    const {output} = await build.generate({format: 'esm'});
    return {code: output[0].code, globals, nodeModules};
  } finally {
    await build.close();
  }
}
