/** A small repository with two weeks in a temporary folder, for the stage tools to work on. */
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {devNull, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {Chalk} from 'chalk';
import {$} from 'zx/core';
import type {Stage} from '../../tools/stage/declaration.ts';
import type {Week, WeekFile} from '../../tools/stage/weeks.ts';
import type {Terminal} from '../../tools/tool.ts';

/** Texts by path from the root; undefined for no such file. */
export type Files = Readonly<Record<string, string | undefined>>;

export const FIRST = '01-map';
export const SECOND = '02-log';
export const THIRD = '03-index';

export function packageJson(folder: string): string {
  return `${JSON.stringify({name: `@kv-workshop/week-${folder}`, private: true}, null, 2)}\n`;
}

const ENGINE_1 = `/** Keeps entries in memory. */
export class Engine {
  readonly #entries = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#entries.get(key);
  }

  put(key: string, value: string): void {
    this.#entries.set(key, value);
  }
}

export function describeEngine(engine: Engine): string {
  const sample = engine.get('sample') ?? 'nothing';
  return \`an engine with \${sample} in it\`;
}
`;

const ENGINE_2 = ENGINE_1.replace('in memory.', 'in memory, and logs them.').replace(
  '    this.#entries.set',
  '    appendToLog({key, value});\n    this.#entries.set',
);

const KEYS = `export const KEY_LENGTH_MAX = 64;

export function isKey(text: string): boolean {
  return /^[a-z]+$/.test(text) && text.length <= KEY_LENGTH_MAX;
}
`;

const LOG = `/** One record a line. */
export function appendToLog(record: {key: string; value: string}): void {
  process.stdout.write(JSON.stringify(record));
}
`;

const CACHE = `/** Optional: the last key. */
export class Cache {
  key = '';
}
`;

const TEST = `test('reads what was put', () => {
  expect(store.get('a')).toBe('1');
});

test('knows no other key', () => {
  expect(store.get('b')).toBeUndefined();
});
`;

/** Two weeks that keep every rule. */
export const CLEAN: Files = {
  [`weeks/${FIRST}/package.json`]: packageJson(FIRST),
  [`weeks/${FIRST}/src/engine.ts`]: ENGINE_1,
  [`weeks/${FIRST}/src/keys.ts`]: KEYS,
  [`weeks/${FIRST}/test/engine.test.ts`]: TEST,
  [`weeks/${SECOND}/package.json`]: packageJson(SECOND),
  [`weeks/${SECOND}/src/engine.ts`]: ENGINE_2,
  [`weeks/${SECOND}/src/keys.ts`]: KEYS,
  [`weeks/${SECOND}/src/log.ts`]: LOG,
  [`weeks/${SECOND}/src/cache.ts`]: CACHE,
  [`weeks/${SECOND}/test/engine.test.ts`]: TEST,
  [`weeks/${SECOND}/test/log.test.ts`]: "test('logs each put', () => {});\n",
};

export const CLEAN_STAGES: readonly Stage[] = [
  {folder: FIRST},
  {
    folder: SECOND,
    changed: ['src/engine.ts'],
    added: ['src/log.ts', 'test/log.test.ts'],
    optional: {'last key': ['src/cache.ts']},
  },
];

/** The text of a file of CLEAN. */
export function cleanText(folder: string, path: string): string {
  const text = CLEAN[`weeks/${folder}/${path}`];
  if (text === undefined) throw new Error(`CLEAN has no ${folder}/${path}`);
  return text;
}

/** The weeks in `files`, without a disk. */
export function weeksOf(files: Files): Week[] {
  const weeks = new Map<string, Map<string, WeekFile>>();
  for (const [path, text] of Object.entries(files)) {
    const [, folder, name] = /^weeks\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (folder === undefined || name === undefined || text === undefined) continue;
    const week = weeks.get(folder) ?? new Map<string, WeekFile>();
    week.set(name, {text, isBinary: false, isPlain: true});
    weeks.set(folder, week);
  }
  return [...weeks].map(([folder, weekFiles]) => ({folder, files: weekFiles}));
}

export class FakeRepository {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** A repository with `files` committed. */
  static async create(files: Files): Promise<FakeRepository> {
    const repository = new FakeRepository(await mkdtemp(join(tmpdir(), 'kv-fake-weeks-')));
    await repository.git('init', '--quiet');
    await repository.write(files);
    await repository.commit();
    return repository;
  }

  async write(files: Files): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path);
      if (text === undefined) {
        await rm(file);
      } else {
        await mkdir(dirname(file), {recursive: true});
        await writeFile(file, text);
      }
    }
  }

  async commit(): Promise<void> {
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--message', 'change');
  }

  /** Runs git as nobody in particular, without the configuration of who runs the tests. */
  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@localhost'];
    const env = {...process.env, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull};
    return (await $({cwd: this.root, env})`git ${identity} ${args}`).stdout;
  }

  async remove(): Promise<void> {
    await rm(this.root, {recursive: true, force: true});
  }
}

/** Collects what a tool prints. */
export class FakeTerminal implements Terminal {
  readonly paint;
  text = '';

  constructor({colour = false} = {}) {
    this.paint = new Chalk({level: colour ? 1 : 0});
  }

  readonly print = (text: string): void => {
    this.text += text;
  };
}
