import {execFileSync} from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
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

describe('kv find in a log of very many records', () => {
  const RECORDS = 200_003;
  const line = (number: number) => `{"op":"put","key":"k${number % 2}","value":"v${number}"}\n`;

  beforeEach(() => {
    const log = Array.from({length: RECORDS}, (_, at) => line(at)).join('');
    writeFiles(folder, {MANIFEST: '', 'wal.db': log});
  });

  it('knows the last one, and shows the newest five that it hides', async () => {
    const text = await find('k0');
    expect(text).toContain('\nk0 is "v200002", by byte ');
    expect(text.match(/"v\d+" \(hidden\)/g)).toEqual(
      [200_000, 199_998, 199_996, 199_994, 199_992].map((each) => `"v${each}" (hidden)`),
    );
    expect(text).toContain('(and 99,996 older)');
    const found = JSON.parse(await find('k0', '', '--json'));
    expect(found).toMatchObject({isPresent: true, value: 'v200002', winner: 0});
    expect(found.places.map(({olderCount}: {olderCount?: number}) => olderCount ?? 0)).toEqual([
      0, 0, 0, 0, 0, 99_996,
    ]);
  });

  it('which breaks no rule, and is counted to its end', async () => {
    expect(await inspect('', '--check')).toBe('Nothing is wrong.\n');
    expect(await inspect('')).toContain('200,003 PUT and 0 DELETE of 2 keys');
    const document = JSON.parse(await inspect('wal.db', '--json'));
    expect(document).toMatchObject({puts: RECORDS, recordsLeftOut: 3, findings: []});
    expect(document.records).toHaveLength(200_000);
  });
});

describe('kv find where a file was not read', () => {
  async function undecided(key: string, path = ''): Promise<string> {
    const text = await find(key, path);
    expect(process.exitCode).toBe(2);
    const found = JSON.parse(await find(key, path, '--json'));
    expect(found).toMatchObject({isPresent: null});
    expect(found).not.toHaveProperty('value');
    const last = text.trimEnd().split('\n').at(-1) ?? '';
    expect(last).toBe(`${key} cannot be told: ${found.undecided.path} was not read.`);
    return text;
  }

  it('does not tell what is in an SSTable that is listed, and not there', async () => {
    const {'l0/sst-4.json': _, ...others} = WEEK_5;
    writeFiles(folder, others);
    const text = await undecided('zebra');
    expect(text).toContain('sst-4.json     L0        not read: listed in MANIFEST, and not there');
    // An older record is no answer either.
    expect(await undecided('pear')).not.toMatch(/counts|hidden/);
  });

  it('does not tell what the broken part of an SSTable has', async () => {
    const entries = '[{"key":"apple","value":"a"b"},{"key":"zebra","value":"1"}]';
    writeFiles(folder, {...WEEK_5, 'l0/sst-4.json': entries});
    expect(await undecided('zebra')).toContain('not read: it breaks its format at byte');
    // A key that is not in its bytes is not in it.
    expect(await find('quince')).toContain('quince is absent');
  });

  it('does not tell what is in a FIFO, whether SSTable, log or MANIFEST', async () => {
    for (const path of ['l0/sst-4.json', 'wal.db', 'MANIFEST']) {
      writeFiles(folder, WEEK_5);
      rmSync(join(folder, path), {force: true});
      execFileSync('mkfifo', [join(folder, path)]);
      expect(await undecided('zebra')).toContain(`${path} is not a regular file`);
      rmSync(join(folder, path));
    }
  });

  it('does not tell what is in a file that is too large, or of no known format', async () => {
    writeFiles(folder, {'wal.db': '', 'notes.txt': 'apple'});
    truncateSync(join(folder, 'wal.db'), 3 * 2 ** 30);
    expect(await undecided('apple')).toContain('too many to be read');
    await undecided('apple', 'wal.db');
    expect(await undecided('apple', 'notes.txt')).toContain('neither a log nor an SSTable');
  });

  it('breaks no rule by being too large: what --check says of it is not known', async () => {
    for (const path of ['l0/sst-4.json', 'wal.db', 'MANIFEST']) {
      writeFiles(folder, WEEK_5);
      truncateSync(join(folder, path), 3 * 2 ** 30);
      const text = await inspect('', '--check');
      expect(text).toContain(`unread ${path}: ${path} has 3221225472 bytes, too many to be read`);
      expect(text).not.toContain('error');
      expect(process.exitCode).toBe(2);
    }
  });

  it('does not tell what is behind the entries of an SSTable that are read', async () => {
    const entries = Array.from({length: 200_001}, () => '{"key":"a","value":"1"}');
    writeFiles(folder, {'sst-1.json': `[${entries.join(',')}]`, MANIFEST: 'sst-1.json\n'});
    expect(await undecided('a')).toContain('more than 200000 entries');
  });

  it('tells it all the same if a newer file has it, or its range has not', async () => {
    writeFiles(folder, WEEK_5);
    rmSync(join(folder, 'l1/sst-2.json'));
    expect(await find('fig')).toContain('fig is "8", by byte');
    expect(await find('lime')).toContain('lime is "9", by byte');
    expect(await find('zebra')).toContain('zebra is absent');
    expect(process.exitCode).toBe(undefined);
    await undecided('banana');
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
        expect(await find('a', 'garbage')).toMatch(/^a (is|cannot be told: )/m);
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
