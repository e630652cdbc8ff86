/**
 * Engines can run inside a web page: each is bundled as for one, and works where
 * there is nothing but the language and an agreed list of the web's names.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createContext, runInContext} from 'node:vm';
import {expect, test} from 'vitest';
import {ROOT} from '../../tools/tool.ts';
import {bundleForWeb, type Use, type WebBundle} from './bundle-for-web.ts';
import {LANGUAGE_GLOBALS, WEB_GLOBALS} from './web-globals.ts';

const WEEKS = readdirSync(join(ROOT, 'weeks')).filter((name) => /^0\d-/.test(name));
const SCENARIO = join(ROOT, 'shared/test/browser/scenario.ts');

/** Small, so that a few writes meet flushes and compactions. */
const SMALL = {memtableEntriesMax: 8, compactionUpdates: 40, blockCacheBytes: 16_384};
/** An engine ignores those that it does not have. */
const ALL_OPTIONAL = {
  ...SMALL,
  negativeCacheKeysMax: 4,
  walChecksums: true,
  levelCount: 3,
  levelSizeRatio: 2,
  variableFormat: true,
  blockedFilters: true,
  randomSeeds: true,
};

type Run = (options: object, isDurable: boolean) => Promise<string[]>;

test.each(WEEKS)('%s works with no more than the agreed globals', async (week) => {
  const bundle = await bundleEngine(week);
  expect(forbiddenUses(bundle)).toEqual([]);
  for (const options of [SMALL, ALL_OPTIONAL]) {
    const events = await runInPage(bundle, options, weekNumber(week) >= 3);
    if (weekNumber(week) >= 2) expect(events).toContain('flush');
    if (weekNumber(week) >= 4) expect(events).toContain('compaction');
  }
});

test('every agreed global is needed by some engine', async () => {
  const bundles = await Promise.all(WEEKS.map((week) => bundleEngine(week)));
  const used = new Set(bundles.flatMap(({globals}) => globals.map(({name}) => name)));
  expect(Object.keys(WEB_GLOBALS).filter((name) => !used.has(name))).toEqual([]);
});

const ENCODE = 'new TextEncoder().encode(';

test.each([
  ['Buffer', (source: string) => source.replace(ENCODE, 'Buffer.from(')],
  ['process', (source: string) => `${source}\nexport const neverCalled = () => process.cwd();`],
  [
    'node:fs',
    (source: string) => `import {readFileSync} from 'node:fs';\n${source}\nreadFileSync;`,
  ],
  ['fs/promises', (source: string) => `import 'fs/promises';\n${source}`],
])('an engine that uses %s is noticed, and its file named', async (name, breakIt) => {
  const bundle = await bundleEngine('02-lsm-tree', {'sstable.ts': breakIt});
  expect(forbiddenUses(bundle)).toEqual([
    `weeks/02-lsm-tree/src/sstable.ts uses ${name}, which a web page need not have`,
  ]);
});

test('an engine that gets at Buffer by a detour fails in the page', async () => {
  const detour = "(globalThis as never as {Buffer: any})['Buffer'].from(";
  const bundle = await bundleEngine('02-lsm-tree', {
    'sstable.ts': (source) => source.replace(ENCODE, detour),
  });
  expect(forbiddenUses(bundle)).toEqual([]);
  await expect(runInPage(bundle, SMALL, false)).rejects.toThrow("reading 'from'");
});

test('a timer in the page is what it is on the web', async () => {
  const page = createContext({...WEB_GLOBALS});
  const timer: unknown = runInContext(
    'const t = setTimeout(() => {}, 60000); clearTimeout(t); t',
    page,
  );
  expect(typeof timer).toBe('number');
});

/** @param changes new sources for files of the week, by name */
async function bundleEngine(
  week: string,
  changes: Readonly<Record<string, (source: string) => string>> = {},
): Promise<WebBundle> {
  const folder = join(ROOT, 'weeks', week, 'src');
  const program = `
    import {Engine} from ${JSON.stringify(join(folder, 'engine.ts'))};
    import {runScenario} from ${JSON.stringify(SCENARIO)};
    const open = (...args) => Engine.open === undefined ? new Engine() : Engine.open(...args);
    globalThis.run = (options, isDurable) => runScenario({open, options, isDurable});`;
  const changed = new Map<string, string>();
  for (const [name, change] of Object.entries(changes)) {
    const source = readFileSync(join(folder, name), 'utf8');
    expect(change(source)).not.toBe(source);
    changed.set(join(folder, name), change(source));
  }
  return bundleForWeb(program, ROOT, changed);
}

/** In our own files; packages ask by typeof what there is, and must do with what the page has. */
function forbiddenUses({globals, nodeModules}: WebBundle): string[] {
  const isForbidden = ({name, file}: Use) =>
    !(name in WEB_GLOBALS) && !file.includes('node_modules');
  return [...globals.filter(isForbidden), ...nodeModules].map(
    ({name, file}) => `${file} uses ${name}, which a web page need not have`,
  );
}

async function runInPage({code}: WebBundle, options: object, isDurable: boolean) {
  const page = createContext({...WEB_GLOBALS}) as {run: Run};
  const listNames = 'delete globalThis.console; Object.getOwnPropertyNames(globalThis)';
  const names: string[] = runInContext(listNames, page);
  const unexpected = names.filter((name) => !LANGUAGE_GLOBALS.has(name) && !(name in WEB_GLOBALS));
  expect(unexpected).toEqual([]);
  await runInContext(`(async () => {${code}\n})()`, page);
  return page.run(options, isDurable);
}

function weekNumber(name: string): number {
  return Number(name.slice(0, 2));
}
