import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {CommanderError} from 'commander';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {fixtureCommand} from '../../src/commands/fixture.ts';
import {UsageError} from '../../src/errors.ts';

const initCwd = process.env['INIT_CWD'];
let folder = '';

/** The commands take paths from the folder that the caller is in. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kv-fixture-command-'));
  process.env['INIT_CWD'] = folder;
});

afterEach(async () => {
  if (initCwd === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = initCwd;
  await rm(folder, {recursive: true, force: true});
});

/** Runs `kv fixture …`. @returns what it printed, also when it then failed */
async function run(...args: readonly string[]): Promise<{printed: string; error: unknown}> {
  const stdout = new PassThrough();
  let printed = '';
  stdout.on('data', (chunk) => (printed += chunk));
  const command = fixtureCommand(stdout);
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({writeErr: () => {}});
  }
  try {
    await command.parseAsync(args, {from: 'user'});
    return {printed, error: undefined};
  } catch (error) {
    return {printed, error};
  }
}

describe('generate', () => {
  test('prints a file, or writes it', async () => {
    const {printed, error} = await run('generate', '--week', '2', '--seed', '9', '--lines', '50');
    expect(error).toBeUndefined();
    expect(printed.split('\n').filter((line) => /^(PUT|GET) /.test(line))).toHaveLength(50);
    expect(printed).toContain('# made by: kv fixture generate --week 2 --seed 9 --lines 50\n');

    await run('generate', '--week', '2', '--seed', '9', '--lines', '50', '--out', 'mine.txt');
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe(printed);
  });

  test('writes more than one chunk completely', async () => {
    await run('generate', '--week', '8', '--lines', '9000', '--out', 'long.txt');
    const {error, printed} = await run('lint', 'long.txt');
    expect(error).toBeUndefined();
    expect(printed).toBe('long.txt: 9000 instructions, nothing to complain about\n');
  });

  test('takes numbers of restarts and kills', async () => {
    const stops = ['--restarts', '4', '--kills', '0'];
    const {printed} = await run('generate', '--week', '3', '--lines', '600', ...stops);
    expect(printed.match(/^RESTART$/gm)).toHaveLength(4);
    expect(printed).not.toMatch(/^KILL/m);
  });

  test('an option that makes no sense leaves the output file as it is', async () => {
    await writeFile(join(folder, 'mine.txt'), 'precious');
    const {error} = await run('generate', '--week', '9', '--out', 'mine.txt');
    expect(error).toEqual(new UsageError('week is a whole number from 1 to 8, not 9'));
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('precious');
  });

  test('an output that cannot be written is named', async () => {
    const {error} = await run('generate', '--week', '1', '--lines', '1', '--out', 'no/such/f.txt');
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain('no/such/f.txt cannot be written: ENOENT');
  });

  test.each([
    ['--week is needed', ['generate']],
    ['a number is a number', ['generate', '--week', 'two']],
    ['so is a seed', ['generate', '--week', '2', '--seed', '-1']],
    ['nothing else is taken', ['generate', '--week', '2', '--colour']],
  ])('%s', async (_, args) => {
    expect((await run(...args)).error).toBeInstanceOf(CommanderError);
  });
});

describe('lint', () => {
  test('shows each problem with its place, and then fails as bad input', async () => {
    await writeFile(join(folder, 'good.txt'), 'PUT k v\nGET k v\n');
    await writeFile(join(folder, 'bad.txt'), 'PUT k v\nGET k w\nGET k x\n# lines: 3\n');
    const {printed, error} = await run('lint', 'good.txt', 'bad.txt', '--max', '1');
    expect(printed.split('\n')).toEqual([
      'good.txt: 2 instructions, nothing to complain about',
      'bad.txt:2: GET k expects w, but line 1 wrote v',
      'bad.txt: and 1 problems more',
      '',
    ]);
    expect(error).toEqual(new UsageError('1 of 2 fixture files are not as they should be'));
  });

  test('a missing file is bad input', async () => {
    expect((await run('lint', 'none.txt')).error).toEqual(
      new UsageError('none.txt: there is no such file'),
    );
  });
});

describe('stats', () => {
  test('counts, for people and as JSON', async () => {
    await writeFile(join(folder, 'one.txt'), 'PUT k v\nGET k v\n');
    const text = await run('stats', 'one.txt');
    expect(text.printed).toContain('one.txt\n  operations                   1 PUT, 1 GET\n');
    const json = await run('stats', 'one.txt', '--json');
    expect(JSON.parse(json.printed)).toMatchObject({'one.txt': {distinctKeys: 1}});
  });

  test('a syntax error is bad input', async () => {
    await writeFile(join(folder, 'bad.txt'), 'PUT k\n');
    expect((await run('stats', 'bad.txt')).error).toEqual(
      new UsageError(
        'bad.txt, line 1, column 7: the value is missing; write "" for an empty value',
      ),
    );
  });
});
