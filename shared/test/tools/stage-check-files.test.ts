import {describe, expect, test} from 'vitest';
import type {Stage} from '../../tools/stage/declaration.ts';
import {cleanText, FIRST, type Files, packageJson, SECOND} from './fake-weeks.ts';
import {edited, inFirst, inSecond, violations} from './planted.ts';

describe('files', () => {
  test.each<[string, Files, Partial<Stage>, string, string]>([
    [
      'an undeclared change',
      {[inSecond('src/keys.ts')]: edited('src/keys.ts', '64', '32')},
      {},
      inSecond('src/keys.ts'),
      'not declared, but differs from that of the week before',
    ],
    [
      'an undeclared addition',
      {[inSecond('src/new.ts')]: 'export const answer = 42;\n'},
      {},
      inSecond('src/new.ts'),
      'not declared, but is not in the week before',
    ],
    [
      'an undeclared removal',
      {[inSecond('src/keys.ts')]: undefined},
      {},
      inFirst('src/keys.ts'),
      'not declared, but is only in the week before',
    ],
    [
      'a declared change that did not come',
      {},
      {changed: ['src/engine.ts', 'src/keys.ts']},
      inSecond('src/keys.ts'),
      'declared as changed, but is identical to that of the week before',
    ],
    [
      'a declared addition that the week before has',
      {[inFirst('src/log.ts')]: cleanText(SECOND, 'src/log.ts')},
      {},
      inSecond('src/log.ts'),
      'declared as added, but is identical to that of the week before',
    ],
    [
      'a declared addition that is nowhere',
      {[inSecond('src/cache.ts')]: undefined},
      {},
      inSecond('src/cache.ts'),
      'declared as added, but is in neither week',
    ],
    [
      'a declared removal that did not come',
      {},
      {removed: ['src/keys.ts']},
      inSecond('src/keys.ts'),
      'declared as removed, but is identical to that of the week before',
    ],
    [
      'an undeclared golden file',
      {[inSecond('test/golden/log.txt')]: 'a 1\n'},
      {},
      inSecond('test/golden/log.txt'),
      'not declared, but is not in the week before',
    ],
  ])('%s', async (_, changes, second, where, problem) => {
    expect(await violations(changes, second)).toMatchObject([
      {rule: 'files', where: [where], problem},
    ]);
  });

  test('a removal that is declared passes', async () => {
    const changes = {[inSecond('src/keys.ts')]: undefined};
    expect(await violations(changes, {removed: ['src/keys.ts']})).toEqual([]);
  });
});

test('a file that goes on under another name', async () => {
  const changes = {
    [inSecond('src/keys.ts')]: undefined,
    [inSecond('src/key-rules.ts')]: edited('src/keys.ts', '64', '32'),
  };
  expect(await violations(changes)).toMatchObject([
    {rule: 'renamed', where: [inFirst('src/keys.ts'), inSecond('src/key-rules.ts')]},
  ]);
});

describe('package.json', () => {
  const withDependency = packageJson(SECOND).replace('true', 'true,\n  "dependencies": {"a": "1"}');

  test('differs in more than its name', async () => {
    expect(await violations({[inSecond('package.json')]: withDependency})).toMatchObject([
      {rule: 'package', problem: 'differs in more than name and description'},
    ]);
  });

  test('differs in more than its name, as declared', async () => {
    const second = {changed: ['src/engine.ts', 'package.json']};
    expect(await violations({[inSecond('package.json')]: withDependency}, second)).toEqual([]);
  });

  test('is declared, but differs in its name only', async () => {
    expect(await violations({}, {changed: ['src/engine.ts', 'package.json']})).toMatchObject([
      {rule: 'package', problem: expect.stringContaining('declared as changed')},
    ]);
  });
});

describe('words', () => {
  test.each([
    ['a week number', '// Comes back in week 5.', 'week 5'],
    ['a week number in words', '// As in Week two.', 'Week two'],
    ['another week', '// The next week syncs it.', 'next week'],
    ["a week's package", `const name = '@kv-workshop/week-${FIRST}';`, FIRST],
    ['a date', '// Written 2024-05-06.', '2024-05-06'],
    ['a date in words', '// Written on May 6, 2024.', 'May 6, 2024'],
    ['a year of a licence', '// Copyright the contributors, 2024', 'Copyright'],
  ])('%s', async (_, line, word) => {
    const text = `${cleanText(SECOND, 'src/keys.ts')}${line}\n`;
    const changes = {[inFirst('src/keys.ts')]: text, [inSecond('src/keys.ts')]: text};
    expect(await violations(changes)).toMatchObject([
      {
        rule: 'words',
        where: [`${inFirst('src/keys.ts')}:6`],
        problem: expect.stringContaining(word),
      },
      {rule: 'words', where: [`${inSecond('src/keys.ts')}:6`]},
    ]);
  });

  test('a year of a paper is no date', async () => {
    const text = `// O'Neil et al., 1996: 2000 entries.\n${cleanText(SECOND, 'src/keys.ts')}`;
    const changes = {[inFirst('src/keys.ts')]: text, [inSecond('src/keys.ts')]: text};
    expect(await violations(changes)).toEqual([]);
  });
});

test('a file that is not TypeScript', async () => {
  const found = await violations({[inSecond('src/log.ts')]: 'export function {\n'});
  expect(found).toMatchObject([{rule: 'syntax', where: [inSecond('src/log.ts')]}]);
});

describe('budget', () => {
  const lines = (count: number) => {
    return Array.from({length: count}, (_, i) => `export const n${i} = ${i};\n`).join('');
  };

  test('a lesson of too many lines', async () => {
    expect(await violations({[inSecond('src/log.ts')]: lines(351)})).toMatchObject([
      {rule: 'budget', problem: 'lesson: +353 −1, at most +350 −50'},
    ]);
  });

  test('a lesson that takes too much out', async () => {
    const changes = {[inFirst('src/old.ts')]: lines(50)};
    expect(await violations(changes, {removed: ['src/old.ts']})).toMatchObject([
      {rule: 'budget', problem: 'lesson: +6 −51, at most +350 −50'},
    ]);
  });

  test('tests and optional tasks are counted apart', async () => {
    const changes = {
      [inSecond('src/log.ts')]: lines(340),
      [inSecond('src/cache.ts')]: lines(240),
      [inSecond('test/log.test.ts')]: lines(490),
    };
    expect(await violations(changes)).toEqual([]);
    expect(await violations({...changes, [inSecond('src/cache.ts')]: lines(251)})).toMatchObject([
      {rule: 'budget', problem: 'optional: +251 −0, at most +250 −25'},
    ]);
  });

  test("a week's own budget", async () => {
    const budgets = {lesson: {added: 400, removed: 50, why: 'the format is new'}};
    expect(await violations({[inSecond('src/log.ts')]: lines(380)}, {budgets})).toEqual([]);
  });
});
