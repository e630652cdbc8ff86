import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {stageDiff} from '../../tools/stage/diff-command.ts';
import {UsageError} from '../../tools/tool.ts';
import {CLEAN, CLEAN_STAGES, FakeRepository, FakeTerminal, FIRST, SECOND} from './fake-weeks.ts';

let repository: FakeRepository;

beforeAll(async () => {
  repository = await FakeRepository.create(CLEAN);
});

afterAll(async () => {
  await repository.remove();
});

async function diff(args: readonly string[], {colour = false} = {}): Promise<string> {
  const terminal = new FakeTerminal({colour});
  const options = {root: repository.root, stages: CLEAN_STAGES};
  expect(await stageDiff(args, terminal, options)).toBe(0);
  return terminal.text;
}

const STAT = `
src/engine.ts     lesson              changed  +2  −1
src/log.ts        lesson              added    +4  −0
src/cache.ts      optional, last key  added    +4  −0
test/log.test.ts  tests               added    +1  −0
total, lesson                                  +6  −1
total, optional                                +4  −0
total, tests                                   +1  −0
`;

test('shows the lesson, and folds the rest', async () => {
  expect(await diff(['1', '2'])).toBe(`weeks/01-map → weeks/02-log

src/engine.ts  changed +2 −1
@@ -1 +1 @@
-/** Keeps entries in memory. */
+/** Keeps entries in memory, and logs them. */
 export class Engine {
   readonly #entries = new Map<string, string>();

@@ -7 +7 @@ Engine.put
   }

   put(key: string, value: string): void {
+    appendToLog({key, value});
     this.#entries.set(key, value);
   }
 }

src/log.ts  added +4 −0
+/** One record a line. */
+export function appendToLog(record: {key: string; value: string}): void {
+  process.stdout.write(JSON.stringify(record));
+}

optional, last key: src/cache.ts  added +4 −0
tests: test/log.test.ts  added +1 −0

unchanged: src/keys.ts, test/engine.test.ts
${STAT}`);
});

test('--tests unfolds the tests, --all the optional tasks too', async () => {
  const optional = '+/** Optional: the last key. */';
  const tests = "+test('logs each put', () => {});";
  const withTests = await diff(['1', '2', '--tests']);
  expect(withTests).toContain(tests);
  expect(withTests).not.toContain(optional);
  const all = await diff(['1', '2', '--all']);
  expect(all).toContain(tests);
  expect(all).toContain(optional);
});

test('--stat prints the table only', async () => {
  expect(await diff([FIRST, `weeks/${SECOND}/`, '--stat'])).toBe(
    `weeks/01-map → weeks/02-log\n${STAT}`,
  );
});

test('goes backwards too', async () => {
  const text = await diff(['2', '1', '--stat']);
  expect(text).toMatch(/src\/engine\.ts +lesson +changed +\+1 +−2\n/);
  expect(text).toMatch(/src\/cache\.ts +optional, last key +removed +\+0 +−4\n/);
});

test('a week has no differences from itself', async () => {
  expect(await diff(['1', '1', '--stat'])).toBe('weeks/01-map → weeks/01-map\n\nNo differences.\n');
});

test('marks lines and, inside them, words', async () => {
  const text = await diff(['1', '2'], {colour: true});
  const [red, green, inverse, plain, end] = ['[31m', '[32m', '[7m', '[27m', '[39m'].map(
    (code) => `\u001B${code}`,
  );
  expect(text).toContain(`${red}-/** Keeps entries in memory. */${end}\n`);
  const words = `${inverse}, and logs them${plain}`;
  expect(text).toContain(`${green}+/** Keeps entries in memory${words}. */${end}\n`);
  expect(text).toContain(`${green}+    appendToLog({key, value});${end}\n`);
});

test('shows what is not committed, unless asked for a revision', async () => {
  const path = `weeks/${SECOND}/src/log.ts`;
  const committed = await readFile(join(repository.root, path), 'utf8');
  await repository.write({[path]: `${committed}// more\n`});
  try {
    expect(await diff(['1', '2'])).toContain('+// more\n');
    expect(await diff(['1', '2', '--rev', 'HEAD'])).not.toContain('+// more\n');
  } finally {
    await repository.write({[path]: committed});
  }
});

describe('refuses', () => {
  test.each([
    [['1', '7'], 'no week "7"; there are: 01-map, 02-log'],
    [['1'], 'which two weeks? There are: 01-map, 02-log'],
    [['1', '2', '3'], 'which two weeks?'],
    [['1', '2', '--rev', 'nowhere'], 'git knows no revision nowhere'],
    [['1', '2', '--colour'], "Unknown option '--colour'"],
  ])('%j', async (args, message) => {
    const refused = diff(args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});
