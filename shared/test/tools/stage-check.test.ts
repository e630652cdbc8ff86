import {chmod, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {stageCheck} from '../../tools/stage/check-command.ts';
import {checkWeeks, reportOn} from '../../tools/stage/check-weeks.ts';
import {checkDeclaration, type Stage} from '../../tools/stage/declaration.ts';
import type {Violation} from '../../tools/stage/step.ts';
import {UsageError} from '../../tools/tool.ts';
import {
  CLEAN,
  CLEAN_STAGES,
  cleanText,
  FakeRepository,
  FakeTerminal,
  FIRST,
  type Files,
  packageJson,
  SECOND,
  weeksOf,
} from './fake-weeks.ts';

const repositories: FakeRepository[] = [];

afterEach(async () => {
  await Promise.all(repositories.splice(0).map((repository) => repository.remove()));
});

async function plant(changes: Files): Promise<FakeRepository> {
  const present = Object.entries({...CLEAN, ...changes}).filter(([, text]) => text !== undefined);
  const repository = await FakeRepository.create(Object.fromEntries(present));
  repositories.push(repository);
  return repository;
}

/** The clean weeks with `changes` on top; the second week declared as `second`. */
async function violations(changes: Files, second: Partial<Stage> = {}): Promise<Violation[]> {
  const [first, clean] = CLEAN_STAGES as [Stage, Stage];
  const report = await reportOn(weeksOf({...CLEAN, ...changes}), [first, {...clean, ...second}]);
  return [...report.violations];
}

/** `text` of a file of the second week, edited; what is replaced must be there. */
function edited(path: string, from: string, to: string, folder = SECOND): string {
  const text = cleanText(folder, path);
  if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
  return text.replace(from, () => to);
}

const inFirst = (path: string) => `weeks/${FIRST}/${path}`;
const inSecond = (path: string) => `weeks/${SECOND}/${path}`;

test('weeks that keep every rule pass', async () => {
  expect(await violations({})).toEqual([]);
});

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

  test('a file that git ignores is no file of the week', async () => {
    const {root} = await plant({'.gitignore': '*.log\n', [inSecond('server.log')]: 'started\n'});
    expect((await checkWeeks(root, CLEAN_STAGES)).violations).toEqual([]);
  });

  test('a file that git does not know yet is one', async () => {
    const repository = await plant({});
    await repository.write({[inSecond('src/new.ts')]: 'export const answer = 42;\n'});
    expect((await checkWeeks(repository.root, CLEAN_STAGES)).violations).toMatchObject([
      {rule: 'files', where: [inSecond('src/new.ts')]},
    ]);
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

describe('order', () => {
  test('of class members', async () => {
    const get =
      '  get(key: string): string | undefined {\n    return this.#entries.get(key);\n  }\n\n';
    const put = /( {2}put\(.*?\n {2}\}\n)/s;
    const text = edited('src/engine.ts', get, '').replace(put, `$1\n${get.trimEnd()}\n`);
    expect(await violations({[inSecond('src/engine.ts')]: text})).toMatchObject([
      {
        rule: 'order',
        where: [`${inFirst('src/engine.ts')}:5`, `${inSecond('src/engine.ts')}:10`],
        problem: 'Engine.get changed places with its neighbours',
      },
    ]);
  });

  test('of tests', async () => {
    const [first = '', second = ''] = cleanText(SECOND, 'test/engine.test.ts').split(
      /^(?=test\('knows)/m,
    );
    const changes = {[inSecond('test/engine.test.ts')]: `${second}\n${first.trimEnd()}\n`};
    const declared = {changed: ['src/engine.ts', 'test/engine.test.ts']};
    expect(await violations(changes, declared)).toMatchObject([{rule: 'order'}]);
  });
});

describe('renamed and moved declarations', () => {
  test('a method under another name', async () => {
    const text = edited('src/engine.ts', '  put(key', '  store(key').replace(
      '    appendToLog({key, value});\n',
      '',
    );
    expect(await violations({[inSecond('src/engine.ts')]: text})).toMatchObject([
      {rule: 'renamed', problem: 'Engine.put went on as Engine.store'},
    ]);
  });

  test('a constant in another file', async () => {
    const constant = "export const DEFAULT_GREETING_TEXT = 'welcome to the store';\n";
    const changes = {
      [inFirst('src/engine.ts')]: cleanText(FIRST, 'src/engine.ts') + constant,
      [inSecond('src/log.ts')]: cleanText(SECOND, 'src/log.ts') + constant,
    };
    expect(await violations(changes)).toMatchObject([
      {
        rule: 'moved',
        where: [`${inFirst('src/engine.ts')}:18`, `${inSecond('src/log.ts')}:5`],
        problem: 'DEFAULT_GREETING_TEXT went to another file',
      },
    ]);
  });
});

describe('moved lines', () => {
  test('within a file', async () => {
    const line = "  const sample = engine.get('sample') ?? 'nothing';\n";
    const text = edited('src/engine.ts', line, '').replace(
      '    appendToLog',
      `  ${line}    appendToLog`,
    );
    expect(await violations({[inSecond('src/engine.ts')]: text})).toMatchObject([
      {
        rule: 'moved',
        where: [`${inFirst('src/engine.ts')}:15`, `${inSecond('src/engine.ts')}:10`],
        problem: expect.stringContaining('const sample'),
      },
    ]);
  });

  test('into another file', async () => {
    const body = `  const parts = text.split(',').map((part) => part.trim());
  const known = parts.filter((part) => part.length > 0);
  return known.toSorted().join(', ');
`;
    const changes = {
      [inFirst('src/engine.ts')]:
        `${cleanText(FIRST, 'src/engine.ts')}\nexport function tidy(text: string) {\n${body}}\n`,
      [inSecond('src/log.ts')]:
        `${cleanText(SECOND, 'src/log.ts')}\nexport function tidyLine(text: string) {\n${body}}\n`,
    };
    expect(await violations(changes)).toMatchObject([
      {
        rule: 'moved',
        where: [`${inFirst('src/engine.ts')}:20`, `${inSecond('src/log.ts')}:7`],
        problem: expect.stringContaining('lines moved'),
      },
    ]);
  });

  test('an import that another file needs now is no move', async () => {
    const line = "import {formatRecordAsOneLineOfText} from '@kv-workshop/shared/format';\n";
    const changes = {
      [inFirst('src/engine.ts')]: line + cleanText(FIRST, 'src/engine.ts'),
      [inSecond('src/log.ts')]: line + cleanText(SECOND, 'src/log.ts'),
    };
    expect(await violations(changes)).toEqual([]);
  });
});

describe('cosmetic changes', () => {
  const changed = {changed: ['src/engine.ts', 'src/keys.ts']};
  const keys = (from: string, to: string) => ({
    [inSecond('src/keys.ts')]: edited('src/keys.ts', from, to),
  });

  test.each<[string, Files, string]>([
    ['white space', keys('MAX = 64', 'MAX  =  64'), 'only white space'],
    ['a line in two', keys('(text) && ', '(text) &&\n    '), 'only white space'],
    ['a blank line', keys('{\n', '{\n\n'), 'only blank lines'],
  ])('%s', async (_, changes, problem) => {
    expect(await violations(changes, changed)).toMatchObject([
      {rule: 'cosmetic', problem: expect.stringContaining(problem)},
    ]);
  });

  test.each<[string, string, string, string]>([
    ['quotes', "const a = 'one';", 'const a = "one";', 'quotes'],
    [
      'a trailing comma',
      'const a = [\n  1,\n  2\n];',
      'const a = [\n  1,\n  2,\n];',
      'trailing commas',
    ],
    [
      'a comment wrapped anew',
      '// The first part,\n// the second.\nconst a = 1;',
      '// The first\n// part, the second.\nconst a = 1;',
      'the same words',
    ],
    [
      'indentation',
      'function f() {\n  console.log("a long line");\n}',
      'function f() {\n  if (f.length > 0) {\n    console.log("a long line");\n  }\n}',
      'only its form changed',
    ],
  ])('%s', async (_, before, after, problem) => {
    const changes = {
      [inFirst('src/keys.ts')]: `${cleanText(FIRST, 'src/keys.ts')}\n${before}\n`,
      [inSecond('src/keys.ts')]: `${cleanText(SECOND, 'src/keys.ts')}\n${after}\n`,
    };
    expect(await violations(changes, changed)).toMatchObject([
      {rule: 'cosmetic', problem: expect.stringContaining(problem)},
    ]);
  });

  test('white space inside a string is content', async () => {
    const changes = {
      [inFirst('src/keys.ts')]: `${cleanText(FIRST, 'src/keys.ts')}\nconst a = 'b c';\n`,
      [inSecond('src/keys.ts')]: `${cleanText(SECOND, 'src/keys.ts')}\nconst a = 'b  c';\n`,
    };
    expect(await violations(changes, changed)).toEqual([]);
  });

  test('a comment that says something else passes', async () => {
    const changes = {
      [inFirst('src/keys.ts')]: `// At most 64.\n${cleanText(FIRST, 'src/keys.ts')}`,
      [inSecond('src/keys.ts')]: `// At most 32.\n${cleanText(SECOND, 'src/keys.ts')}`,
    };
    expect(await violations(changes, changed)).toEqual([]);
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

describe('plain files', () => {
  test('an executable file', async () => {
    const {root} = await plant({});
    await chmod(join(root, inSecond('src/keys.ts')), 0o755);
    const {violations: found} = await checkWeeks(root, CLEAN_STAGES);
    expect(found).toMatchObject([{rule: 'plain', where: [inSecond('src/keys.ts')]}]);
  });

  test('a symbolic link', async () => {
    const {root} = await plant({[inSecond('src/cache.ts')]: undefined});
    await symlink('keys.ts', join(root, inSecond('src/cache.ts')));
    const {violations: found} = await checkWeeks(root, CLEAN_STAGES);
    expect(found).toMatchObject([{rule: 'plain', where: [inSecond('src/cache.ts')]}]);
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

describe('a declaration that cannot be right', () => {
  const [first, second] = CLEAN_STAGES as [Stage, Stage];

  test.each<[string, readonly Stage[], string]>([
    ['a week that is not declared', [first], `weeks/${SECOND} is there, but is not declared`],
    [
      'a week that is not there',
      [...CLEAN_STAGES, {folder: '03-index'}],
      '03-index is declared, but weeks/03-index is not there',
    ],
    [
      'a file declared twice',
      [first, {...second, added: [...(second.added ?? []), 'src/engine.ts']}],
      'src/engine.ts is declared twice',
    ],
    [
      'a path outside the folder',
      [first, {...second, changed: ['../01-map/src/keys.ts']}],
      "is not a path inside the week's folder",
    ],
    ['a first week that changes', [{...first, changed: ['a']}, second], 'has none before it'],
    ['weeks out of order', [second, first], 'must be a folder named 01-some-name'],
    [
      'a budget without a reason',
      [first, {...second, budgets: {lesson: {added: 1, removed: 1, why: ' '}}}],
      'budget of lesson: say why',
    ],
  ])('%s', (_, stages, message) => {
    const check = () => checkDeclaration(stages, [FIRST, SECOND]);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(message);
  });
});

describe('the command', () => {
  test('prints the table, and passes', async () => {
    const {root} = await plant({});
    const terminal = new FakeTerminal();
    expect(await stageCheck([], terminal, {root, stages: CLEAN_STAGES})).toBe(0);
    expect(terminal.text).toBe(`week    part      added  removed  at most
02-log  lesson       +6       −1  +350 −50
        tests        +1       −0  +500 −50
        optional     +4       −0  +250 −25

Each week differs from the one before by its lesson only.
`);
  });

  test('says what is wrong, where, and what to do', async () => {
    const {root} = await plant({[inSecond('src/keys.ts')]: edited('src/keys.ts', '64', '32')});
    const terminal = new FakeTerminal();
    expect(await stageCheck([], terminal, {root, stages: CLEAN_STAGES})).toBe(1);
    expect(terminal.text).toContain(`
files weeks/02-log/src/keys.ts
  not declared, but differs from that of the week before
  To do: make it identical to that of the week before, or correct 02-log in shared/tools/stages.ts.

1 problem in the steps between the weeks
`);
  });

  test('--stat prints the table only', async () => {
    const {root} = await plant({[inSecond('src/keys.ts')]: undefined});
    const terminal = new FakeTerminal();
    expect(await stageCheck(['--stat'], terminal, {root, stages: CLEAN_STAGES})).toBe(0);
    expect(terminal.text).toMatch(/^week .*\n(.*−.*\n){3}$/);
  });

  test.each([[['--sat']], [['2']]])('refuses %j', async (args) => {
    const run = stageCheck(args, new FakeTerminal(), {root: '', stages: []});
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow('Usage: pnpm stage:check');
  });
});
