import {chmod, rm, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {stageCheck} from '../../tools/stage/check-command.ts';
import {checkWeeks} from '../../tools/stage/check-weeks.ts';
import {checkDeclaration, type Stage} from '../../tools/stage/declaration.ts';
import {UsageError} from '../../tools/tool.ts';
import {
  CLEAN,
  CLEAN_STAGES,
  FakeRepository,
  FakeTerminal,
  FIRST,
  type Files,
  SECOND,
} from './fake-weeks.ts';
import {edited, inSecond, violations} from './planted.ts';

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

test('weeks that keep every rule pass', async () => {
  expect(await violations({})).toEqual([]);
});

describe('reads from the disk', () => {
  test('but not what git ignores', async () => {
    const {root} = await plant({'.gitignore': '*.log\n', [inSecond('server.log')]: 'started\n'});
    expect((await checkWeeks(root, CLEAN_STAGES)).violations).toEqual([]);
  });

  test('what git does not know yet', async () => {
    const repository = await plant({});
    await repository.write({[inSecond('src/new.ts')]: 'export const answer = 42;\n'});
    expect((await checkWeeks(repository.root, CLEAN_STAGES)).violations).toMatchObject([
      {rule: 'files', where: [inSecond('src/new.ts')]},
    ]);
  });

  test('of a working tree of git, and of no other', async () => {
    const {root} = await plant({});
    await rm(join(root, '.git'), {recursive: true});
    const checked = checkWeeks(root, CLEAN_STAGES);
    await expect(checked).rejects.toThrow(UsageError);
    await expect(checked).rejects.toThrow(/git cannot list .*not a git repository/s);
  });

  test('that a file is executable', async () => {
    const {root} = await plant({});
    await chmod(join(root, inSecond('src/keys.ts')), 0o755);
    const {violations: found} = await checkWeeks(root, CLEAN_STAGES);
    expect(found).toMatchObject([{rule: 'plain', where: [inSecond('src/keys.ts')]}]);
  });

  test('that a file is a symbolic link', async () => {
    const {root} = await plant({[inSecond('src/cache.ts')]: undefined});
    await symlink('keys.ts', join(root, inSecond('src/cache.ts')));
    const {violations: found} = await checkWeeks(root, CLEAN_STAGES);
    expect(found).toMatchObject([{rule: 'plain', where: [inSecond('src/cache.ts')]}]);
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
  To do: make it identical, or correct 02-log in shared/tools/stages.ts.

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
