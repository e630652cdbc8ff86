import {execFileSync} from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import * as fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {findCommand} from '../../src/commands/find.ts';
import {inspectCommand} from '../../src/commands/inspect.ts';
import {expectGolden} from '../golden.ts';
import {
  BROKEN,
  BROKEN_VARIABLE,
  type Files,
  WEEK_2,
  WEEK_4,
  WEEK_5,
  WEEK_6_VARIABLE,
  WEEK_7,
  WEEK_8,
  writeFiles,
} from './folders.ts';

/** Control and formatting characters, newlines excepted. */
const UNESCAPED = /[^\P{C}\n]/u;

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-inspect-'));
});

afterEach(() => {
  rmSync(folder, {recursive: true});
  process.exitCode = undefined;
});

/** What `kv inspect` or `kv find` prints, with DATA in the place of the folder. */
async function printed(command: 'inspect' | 'find', args: readonly string[]): Promise<string> {
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (chunk) => (text += chunk));
  const parser = command === 'inspect' ? inspectCommand(stdout) : findCommand(stdout);
  await parser.parseAsync([...args], {from: 'user'});
  return text.replaceAll(folder, 'DATA');
}

const inspect = (path: string, ...flags: readonly string[]) =>
  printed('inspect', [join(folder, path), ...flags]);
const find = (key: string, path = '', ...flags: readonly string[]) =>
  printed('find', [key, join(folder, path), ...flags]);

const FOLDERS: readonly [string, Files][] = [
  ['week-2', WEEK_2],
  ['week-4', WEEK_4],
  ['week-5', WEEK_5],
  ['week-6-variable', WEEK_6_VARIABLE],
  ['week-7', WEEK_7],
  ['week-8', WEEK_8],
  ['broken', BROKEN],
  ['broken-variable', BROKEN_VARIABLE],
];

describe('kv inspect of a data folder', () => {
  it.each(FOLDERS)('%s', async (name, files) => {
    writeFiles(folder, files);
    expectGolden(`inspect/folder-${name}.txt`, await inspect(''));
    expectGolden(`inspect/folder-${name}.json`, await inspect('', '--json'));
  });

  it.each(FOLDERS)('%s with --check has an exit code', async (name, files) => {
    writeFiles(folder, files);
    const text = await inspect('', '--check');
    const isBroken = name.startsWith('broken');
    expect(process.exitCode).toBe(isBroken ? 1 : undefined);
    expect(text.includes('  error  ')).toBe(isBroken);
  });

  it('that is empty finds nothing', async () => {
    expect(await inspect('')).toBe(
      'DATA: a data folder, nothing of the series in it\n\nNothing is wrong.\n',
    );
  });

  it('without its MANIFEST says so', async () => {
    const {MANIFEST: _, ...others} = WEEK_2;
    writeFiles(folder, others);
    expect(await inspect('', '--check')).toBe(
      '1 finding\n  error  MANIFEST: it is missing, but sst-1.json is here\n',
    );
  });

  it('takes half-open ranges, as the series has them', async () => {
    const MANIFEST = '[L0]\nsst-4.json\n\n[L1]\napple-lime: sst-2.json\nlime-zoo: sst-3.json\n';
    writeFiles(folder, {...WEEK_5, MANIFEST});
    expect(await inspect('', '--check')).toBe('Nothing is wrong.\n');
  });
});

const FILES: readonly [string, Files, string, string[]][] = [
  ['json-table', WEEK_4, 'sst-3.json', []],
  ['log', WEEK_4, 'wal.db', []],
  ['manifest', WEEK_8, 'MANIFEST-4', []],
  ['block-table', WEEK_7, 'l0/sst-8.sst', []],
  ['variable-table', WEEK_6_VARIABLE, 'l0/sst-4.sst', []],
  ['filter', WEEK_7, 'l0/sst-8.bloom', []],
  ['damaged-table', BROKEN, 'l0/sst-9.sst', []],
  ['damaged-variable-table', BROKEN_VARIABLE, 'l0/sst-1.sst', []],
  ['damaged-filter', BROKEN, 'l0/sst-9.bloom', []],
];

describe('kv inspect of a file', () => {
  it.each(FILES)('%s', async (name, files, path) => {
    writeFiles(folder, files);
    expectGolden(`inspect/file-${name}.txt`, await inspect(path));
    expectGolden(`inspect/file-${name}.json`, await inspect(path, '--json'));
  });

  it('shows its bytes', async () => {
    writeFiles(folder, WEEK_7);
    expectGolden('inspect/hex.txt', await inspect('l0/sst-8.sst', '--hex', '0x1000'));
  });

  it('shows ten records, or all of them', async () => {
    const records = Array.from({length: 12}, (_, number) => `{"op":"delete","key":"k${number}"}\n`);
    writeFiles(folder, {'wal.db': records.join('')});
    expect(await inspect('wal.db')).toContain('(and 2 more; --records shows all)');
    expect(await inspect('wal.db', '--records')).toContain('k11 = deleted');
  });

  it('knows a file of another name by its content, or is told', async () => {
    writeFiles(folder, {odd: WEEK_2['sst-1.json'] ?? '', list: WEEK_2['MANIFEST'] ?? ''});
    expect(await inspect('odd')).toMatch(/^DATA\/odd: an SSTable in JSON/);
    await expect(inspect('list')).rejects.toThrow(/list: say what it is with --as manifest\|log/);
    expect(await inspect('list', '--as', 'manifest')).toMatch(/^DATA\/list: a MANIFEST/);
  });
});

describe('kv find', () => {
  it.each([
    ['week-4', WEEK_4, 'fig'],
    ['week-5', WEEK_5, 'pear'],
    ['week-6-variable', WEEK_6_VARIABLE, 'pear'],
    ['week-8', WEEK_8, 'banana'],
    ['week-8-absent', WEEK_8, 'zebra'],
    ['broken', BROKEN, 'fig'],
    ['broken-variable', BROKEN_VARIABLE, 'fig'],
  ] as const)('%s', async (name, files, key) => {
    writeFiles(folder, files);
    expectGolden(`inspect/find-${name}.txt`, await find(key));
    expectGolden(`inspect/find-${name}.json`, await find(key, '', '--json'));
  });

  it('looks into a single file too', async () => {
    writeFiles(folder, WEEK_2);
    expect(await find('fig', 'sst-2.json')).toContain('fig is "5", by byte');
  });

  it.each<[string, Files, string | undefined]>([
    ['fig', WEEK_2, '5'],
    ['apple', WEEK_2, '4'],
    ['apple', WEEK_4, undefined],
    ['fig', WEEK_4, '7'],
    ['fig', WEEK_5, '8'],
    ['lime', WEEK_5, '9'],
    ['pear', WEEK_5, undefined],
    ['banana', WEEK_6_VARIABLE, ''],
    ['pear', WEEK_6_VARIABLE, undefined],
    ['apple', WEEK_7, undefined],
    ['fig', WEEK_7, '4'],
    ['banana', WEEK_8, '9'],
    ['cherry', WEEK_8, '2'],
  ])('knows which record of %s counts (%#)', async (key, files, value) => {
    writeFiles(folder, files);
    const found = JSON.parse(await find(key, '', '--json'));
    expect(found.isPresent).toBe(value !== undefined);
    expect(found.value ?? undefined).toBe(value);
  });
});

describe('what is not to be trusted', () => {
  it('is not followed: links and FIFOs', async () => {
    writeFiles(folder, WEEK_2);
    writeFileSync(join(tmpdir(), 'kv-inspect-secret'), 'secret');
    symlinkSync(join(tmpdir(), 'kv-inspect-secret'), join(folder, 'sst-3.json'));
    symlinkSync('/', join(folder, 'l0'));
    execFileSync('mkfifo', [join(folder, 'wal.db')]);
    const text = await inspect('');
    for (const name of ['l0', 'sst-3.json', 'wal.db']) {
      expect(text).toContain(`note   ${name}: not a regular file: it is not opened`);
    }
    expect(text).not.toContain('secret');
    rmSync(join(tmpdir(), 'kv-inspect-secret'));

    await expect(inspect('sst-3.json')).rejects.toThrow(
      /is a symbolic link, which is not followed/,
    );
    await expect(inspect('wal.db')).rejects.toThrow(/neither a folder nor a regular file/);
    await expect(find('apple', 'l0')).rejects.toThrow(/is a symbolic link/);
    await expect(inspect('nothing')).rejects.toThrow(/^there is no /);
  });

  it('is not written to', async () => {
    writeFiles(folder, BROKEN);
    const before = contents(folder);
    await inspect('');
    await inspect('', '--check', '--json');
    await find('fig');
    expect(contents(folder)).toEqual(before);
  });

  it('is escaped', async () => {
    const value = '\x1b[2J\u202e';
    writeFiles(folder, {
      'sst-1.json': JSON.stringify([{key: 'a\x07', value}]),
      MANIFEST: 'sst-1.json\n\x1b[0m\n',
    });
    for (const text of [await inspect(''), await inspect('sst-1.json'), await find('a\x07')]) {
      expect(text).not.toMatch(UNESCAPED);
    }
  });

  it('is read to its end, whatever it is', async () => {
    const names = [
      'MANIFEST',
      'MANIFEST-2',
      'wal.db',
      'l0/sst-1.json',
      'l1/sst-2.sst',
      'l1/sst-2.bloom',
    ];
    const file = fc.tuple(fc.constantFrom(...names), fc.uint8Array({maxLength: 9_000}));
    await fc.assert(
      fc.asyncProperty(fc.array(file, {maxLength: 4}), async (files) => {
        mkdirSync(join(folder, 'garbage'), {recursive: true});
        writeFiles(join(folder, 'garbage'), Object.fromEntries(files));
        expect(await inspect('garbage')).not.toMatch(UNESCAPED);
        expect(await find('a', 'garbage')).toContain('a is ');
        for (const [path] of files) {
          expect(JSON.parse(await inspect(`garbage/${path}`, '--json'))).toHaveProperty('findings');
        }
        rmSync(join(folder, 'garbage'), {recursive: true});
      }),
      {numRuns: 25},
    );
  });
});

function contents(path: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const name of readdirSync(path, {recursive: true, encoding: 'utf8'})) {
    if (statSync(join(path, name)).isFile()) files[name] = readFileSync(join(path, name), 'latin1');
  }
  return files;
}
