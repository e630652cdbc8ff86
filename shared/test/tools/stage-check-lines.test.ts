import {describe, expect, test} from 'vitest';
import {cleanText, FIRST, type Files, SECOND} from './fake-weeks.ts';
import {edited, inFirst, inSecond, violations} from './planted.ts';

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

  test('reports the fewest that moved', async () => {
    const declare = (names: string) => {
      return names
        .split('')
        .map((name) => `export const ${name} = '${name}';\n`)
        .join('');
    };
    const changes = {
      [inFirst('src/keys.ts')]: declare('abcde'),
      [inSecond('src/keys.ts')]: declare('axcdbey'),
    };
    const found = await violations(changes, {changed: ['src/engine.ts', 'src/keys.ts']});
    expect(found).toMatchObject([{rule: 'order', problem: expect.stringMatching(/^b changed/)}]);
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
