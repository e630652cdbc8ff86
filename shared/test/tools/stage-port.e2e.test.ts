import {access, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, test} from 'vitest';
import {mergeText} from '../../tools/stage/merge.ts';
import {stagePort} from '../../tools/stage/port-command.ts';
import {UsageError} from '../../tools/tool.ts';
import {FakeRepository, FakeTerminal, FIRST, type Files, SECOND, THIRD} from './fake-weeks.ts';

const WEEKS = [FIRST, SECOND, THIRD];
const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

let repository: FakeRepository | undefined;

afterEach(async () => {
  await repository?.remove();
  repository = undefined;
});

/** The lines one to seven, some of them replaced. */
function lines(replaced: Readonly<Record<string, string>> = {}): string {
  return LINES.map((line) => `${replaced[line] ?? line}\n`).join('');
}

/** Commits `file.ts` of three weeks with these texts; undefined for no file. */
async function commitWeeks(...texts: (string | undefined)[]): Promise<FakeRepository> {
  const files = WEEKS.flatMap((folder, index) => [
    [`weeks/${folder}/package.json`, '{}\n'],
    [`weeks/${folder}/src/file.ts`, texts[index]],
  ]).filter(([, text]) => text !== undefined);
  repository = await FakeRepository.create(Object.fromEntries(files) as Files);
  return repository;
}

async function port({root}: FakeRepository, ...args: string[]) {
  const terminal = new FakeTerminal();
  const status = await stagePort(args, terminal, root);
  return {status, text: terminal.text};
}

async function textOf({root}: FakeRepository, folder: string): Promise<string | undefined> {
  const path = join(root, 'weeks', folder, 'src/file.ts');
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? readFile(path, 'utf8') : undefined;
}

/** The row of `src/file.ts` in the table: its outcome in each later week. */
function outcomes(text: string): string[] {
  const row = text.split('\n').find((line) => line.startsWith('src/file.ts')) ?? '';
  return row.split(/ +/).slice(1);
}

const inFirst = `weeks/${FIRST}/src/file.ts`;
const inSecond = `weeks/${SECOND}/src/file.ts`;
const inThird = `weeks/${THIRD}/src/file.ts`;

describe('carries a change', () => {
  test('into weeks with the same text', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    const {status, text} = await port(repo, '1');
    expect(status).toBe(0);
    expect(outcomes(text)).toEqual(['same', 'same']);
    expect(await textOf(repo, SECOND)).toBe(lines({two: 'TWO'}));
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'TWO'}));
  });

  test('into weeks with changes elsewhere', async () => {
    const repo = await commitWeeks(lines(), lines({six: 'SIX'}), lines({six: 'SIX', four: 'FOUR'}));
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    const {status, text} = await port(repo, FIRST);
    expect(status).toBe(0);
    expect(outcomes(text)).toEqual(['merged', 'merged']);
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'TWO', four: 'FOUR', six: 'SIX'}));
  });

  test('from a week in the middle, and only forward', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inSecond]: lines({two: 'TWO'})});
    const {text} = await port(repo, '2');
    expect(outcomes(text)).toEqual(['same']);
    expect(await textOf(repo, FIRST)).toBe(lines());
  });

  test('from week to week: a conflict that was resolved once does not come back', async () => {
    const second = lines({three: 'three of the lesson'});
    const repo = await commitWeeks(lines(), second, `${second}eight\n`);
    const corrected = lines({three: 'three, corrected'});
    await repo.write({[inFirst]: corrected});
    expect((await port(repo, '1')).status).toBe(1);

    const resolved = lines({three: 'three of the lesson, corrected'});
    await repo.write({[inSecond]: resolved});
    const {status, text} = await port(repo, '2', 'src/file.ts');
    expect(status).toBe(0);
    expect(outcomes(text)).toEqual(['merged']);
    expect(await textOf(repo, THIRD)).toBe(`${resolved}eight\n`);

    const labels = {ours: '', base: '', theirs: ''};
    const direct = await mergeText(`${second}eight\n`, lines(), corrected, labels);
    expect(direct.hasConflicts).toBe(true);
  });

  test('of a new file', async () => {
    const repo = await commitWeeks(undefined, undefined, undefined);
    await repo.write({[inFirst]: lines()});
    expect(outcomes((await port(repo, '1')).text)).toEqual(['same', 'same']);
    expect(await textOf(repo, THIRD)).toBe(lines());
  });

  test('of a deleted file', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inFirst]: undefined});
    expect(outcomes((await port(repo, '1')).text)).toEqual(['same', 'same']);
    expect(await textOf(repo, SECOND)).toBeUndefined();
    expect(await textOf(repo, THIRD)).toBeUndefined();
  });

  test('past a week that removed the file', async () => {
    const repo = await commitWeeks(lines(), undefined, undefined);
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    const {status, text} = await port(repo, '1');
    expect(status).toBe(0);
    expect(outcomes(text)).toEqual(['absent', 'absent']);
    expect(await textOf(repo, SECOND)).toBeUndefined();
  });

  test('that is committed', async () => {
    const repo = await commitWeeks(lines(), lines({six: 'SIX'}), lines({six: 'SIX'}));
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    await repo.commit();
    expect((await port(repo, '1')).text).toContain('unchanged since HEAD (see --from)');
    expect(outcomes((await port(repo, '1', '--from', 'HEAD~1')).text)).toEqual(['merged', 'same']);
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'TWO', six: 'SIX'}));
  });

  test('once: a second run changes nothing', async () => {
    const repo = await commitWeeks(lines(), lines({six: 'SIX'}), lines({five: 'FIVE'}));
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    await port(repo, '1');
    const {status, text} = await port(repo, '1');
    expect(status).toBe(0);
    expect(outcomes(text)).toEqual(['there', 'there']);
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'TWO', five: 'FIVE'}));
  });

  test('but not with --dry-run', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    const {text} = await port(repo, '1', '--dry-run');
    expect(outcomes(text)).toEqual(['same', 'same']);
    expect(text).toContain('Nothing was written: --dry-run.');
    expect(await textOf(repo, SECOND)).toBe(lines());
  });
});

describe('a conflict', () => {
  test('is marked, listed, and ends there', async () => {
    const repo = await commitWeeks(lines(), lines({two: 'II'}), lines({two: 'II', six: 'SIX'}));
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    const {status, text} = await port(repo, '1');
    expect(status).toBe(1);
    expect(outcomes(text)).toEqual(['conflict', 'waiting']);
    expect(text).toContain(
      `conflict ${inSecond}:2: resolve, then: pnpm stage:port ${SECOND} src/file.ts`,
    );
    expect(await textOf(repo, SECOND)).toBe(`one
<<<<<<< 02-log
II
||||||| 01-map as it was
two
=======
TWO
>>>>>>> 01-map as it is
three
four
five
six
seven
`);
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'II', six: 'SIX'}));
  });

  test('that is not resolved is carried no further', async () => {
    const repo = await commitWeeks(lines(), lines({two: 'II'}), lines({two: 'II'}));
    await repo.write({[inFirst]: lines({two: 'TWO'})});
    await port(repo, '1');
    const again = port(repo, '2');
    await expect(again).rejects.toThrow(UsageError);
    await expect(again).rejects.toThrow(`resolve these conflicts first:\n  ${inSecond}:2`);
  });

  test('with a deletion leaves the file alone', async () => {
    const repo = await commitWeeks(lines(), lines({two: 'II'}), lines({two: 'II'}));
    await repo.write({[inFirst]: undefined});
    const {status, text} = await port(repo, '1');
    expect(status).toBe(1);
    expect(outcomes(text)).toEqual(['conflict', 'waiting']);
    expect(text).toContain('differs from what was deleted');
    expect(await textOf(repo, SECOND)).toBe(lines({two: 'II'}));
  });

  test('of two new files shows both', async () => {
    const repo = await commitWeeks(undefined, 'other\n', undefined);
    await repo.write({[inFirst]: 'new\n'});
    const {status} = await port(repo, '1');
    expect(status).toBe(1);
    expect(await textOf(repo, SECOND)).toMatch(/^<<<<<<< 02-log\nother\n\|{7} .*\n=======\nnew\n/);
  });
});

describe('refuses', () => {
  test('to mix with uncommitted changes, unless forced', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inFirst]: lines({two: 'TWO'}), [inSecond]: lines({six: 'SIX'})});
    const refused = port(repo, '1');
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(inSecond);
    expect(await textOf(repo, THIRD)).toBe(lines());

    expect((await port(repo, '1', '--force')).status).toBe(0);
    expect(await textOf(repo, SECOND)).toBe(lines({two: 'TWO', six: 'SIX'}));
    expect(await textOf(repo, THIRD)).toBe(lines({two: 'TWO'}));
  });

  test('but not because of other files', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await repo.write({[inFirst]: lines({two: 'TWO'}), [`weeks/${SECOND}/src/other.ts`]: 'new\n'});
    expect((await port(repo, '1')).status).toBe(0);
  });

  test('binary files', async () => {
    const repo = await commitWeeks(lines(), lines(), lines());
    await writeFile(join(repo.root, inFirst), Uint8Array.of(0, 255, 1));
    await expect(port(repo, '1')).rejects.toThrow('binary files cannot be merged');
  });

  test.each([
    [['9'], 'no week "9"; there are: 01-map, 02-log, 03-index'],
    [[], 'which week?'],
    [['1', '--from', 'nowhere'], 'git knows no revision nowhere'],
    [['1', 'src/other.ts'], 'unchanged since HEAD in weeks/01-map: src/other.ts'],
    [['1', '--to', '2'], "Unknown option '--to'"],
  ])('%j', async (args, message) => {
    const repo = await commitWeeks(lines(), lines(), lines());
    const refused = port(repo, ...args);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });
});

test('the last week has nobody to give to', async () => {
  const repo = await commitWeeks(lines(), lines(), lines());
  await repo.write({[inThird]: lines({two: 'TWO'})});
  const {status, text} = await port(repo, '3');
  expect(status).toBe(0);
  expect(text).toBe(`Nothing to carry: weeks/${THIRD} is the last week.\n`);
});
