import {describe, expect, it} from 'vitest';
import {helpLines, type OptionSpec, parseOptions, specsFromDefaults} from '../src/arguments.ts';

const SPECS: readonly OptionSpec[] = [
  {name: 'port', kind: 'integer', default: 8080, max: 65_535, help: 'where to listen'},
  {
    name: 'dataDir',
    aliases: ['data'],
    kind: 'text',
    placeholder: 'folder',
    default: undefined,
    help: 'where to keep the data',
  },
  {name: 'entriesMax', kind: 'integer', default: 10, min: 1, help: ''},
  {name: 'checksums', kind: 'flag', default: false, help: 'check them'},
  {name: 'cache', kind: 'flag', default: true, help: ''},
];

function parse(...args: string[]): Record<string, unknown> {
  return Object.fromEntries(parseOptions(args, SPECS));
}

describe('parseOptions', () => {
  it('has every default when nothing is given', () => {
    expect(parse()).toEqual({
      port: 8080,
      dataDir: undefined,
      entriesMax: 10,
      checksums: false,
      cache: true,
    });
  });

  it.each([
    [['--port', '0'], {port: 0}],
    [['--port=65535'], {port: 65_535}],
    [['--port', '1', '--port', '2'], {port: 2}],
    [['--data-dir', 'a b'], {dataDir: 'a b'}],
    [['--data', 'x'], {dataDir: 'x'}],
    [['--data-dir=--odd'], {dataDir: '--odd'}],
    [['--entries-max', '16'], {entriesMax: 16}],
    [['--checksums'], {checksums: true}],
    [['--no-checksums'], {checksums: false}],
    [['--no-cache'], {cache: false}],
    // As `npm start -- --port 1` arrives through pnpm.
    [['--', '--port', '1'], {port: 1}],
  ])('reads %j', (args, expected) => {
    expect(parse(...args)).toMatchObject(expected);
  });

  it.each([
    [['--port', 'abc'], '--port takes an integer from 0 to 65535, got "abc"'],
    [['--port', '65536'], '--port takes an integer from 0 to 65535, got "65536"'],
    [['--port', '1.5'], '--port takes an integer from 0 to 65535, got "1.5"'],
    [['--port', '1e3'], '--port takes an integer from 0 to 65535, got "1e3"'],
    [['--port', '-1'], '--port takes an integer from 0 to 65535, got "-1"'],
    [['--entries-max', '0'], '--entries-max takes an integer of at least 1, got "0"'],
    [['--port'], '--port needs a value: <integer>'],
    [['--data-dir', '--port', '1'], '--data-dir needs a value: <folder>'],
    [['--data-dir='], '--data-dir needs a value: <folder>'],
    [['--checksums=yes'], '--checksums takes no value, got "yes"'],
    [['--no-checksums=yes'], '--no-checksums takes no value, got "yes"'],
    [['--no-port'], 'unknown option --no-port; --help lists the options'],
    [['--prot', '1'], 'unknown option --prot; did you mean --port?'],
    [['--entries', '1'], 'unknown option --entries; did you mean --entries-max?'],
    [['--quite-another'], 'unknown option --quite-another; --help lists the options'],
    [['-p', '1'], 'unknown option -p; did you mean --port?'],
    [['8080'], 'unexpected argument "8080"'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({code: 'USAGE', message}));
  });
});

describe('specsFromDefaults', () => {
  it('makes integers of numbers and flags of booleans', () => {
    const specs = specsFromDefaults({memtableEntriesMax: 2_000, walChecksums: false});
    expect(Object.fromEntries(parseOptions(['--memtable-entries-max', '16'], specs))).toEqual({
      memtableEntriesMax: 16,
      walChecksums: false,
    });
  });

  it('refuses what no option can be made of', () => {
    expect(() => specsFromDefaults({level: 'low'})).toThrow(TypeError);
  });
});

describe('helpLines', () => {
  it('shows each option with its default', () => {
    expect(helpLines(SPECS)).toEqual([
      '  --port <integer>         where to listen (default 8080)',
      '  --data-dir <folder>      where to keep the data',
      '  --entries-max <integer>  (default 10)',
      '  --checksums              check them',
      '  --cache                  (default true)',
    ]);
  });
});
