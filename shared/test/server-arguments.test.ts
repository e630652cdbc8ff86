import {resolve} from 'node:path';
import {describe, expect, it} from 'vitest';
import {parseServerArguments, type ServerArguments} from '../src/server-arguments.ts';

const DEFAULTS = {memtableEntriesMax: 2_000, walChecksums: false};

function parse(args: string[], environment: NodeJS.ProcessEnv = {}) {
  const parsed = parseServerArguments(args, environment, DEFAULTS);
  if ('helpText' in parsed) throw new Error('asked for help');
  return parsed satisfies ServerArguments<typeof DEFAULTS>;
}

describe('parseServerArguments', () => {
  it('has defaults for all but the data folder', () => {
    expect(parse([])).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: undefined,
      options: DEFAULTS,
    });
  });

  it("reads a server's options and the week's", () => {
    const args = ['--port', '1', '--data-dir', '/d', '--host', '::1', '--wal-checksums'];
    expect(parse([...args, '--memtable-entries-max', '16'])).toEqual({
      host: '::1',
      port: 1,
      dataDir: resolve('/d'),
      options: {memtableEntriesMax: 16, walChecksums: true},
    });
  });

  it('takes PORT and DATA_DIR from the environment, after the command line', () => {
    const environment = {PORT: '7', DATA_DIR: '/e'};
    expect(parse([], environment)).toMatchObject({port: 7, dataDir: resolve('/e')});
    expect(parse(['--port', '8', '--data', '/d'], environment)).toMatchObject({
      port: 8,
      dataDir: resolve('/d'),
    });
    expect(parse([], {PORT: '', DATA_DIR: ''})).toMatchObject({port: 8080, dataDir: undefined});
  });

  it('names the variable that is wrong', () => {
    expect(() => parse([], {PORT: 'http'})).toThrow('PORT takes an integer from 0 to 65535');
  });

  it('reads a relative folder from where the caller is', () => {
    expect(parse(['--data', 'd']).dataDir).toBe(resolve('d'));
    expect(parse(['--data', 'd'], {INIT_CWD: '/home/me'}).dataDir).toBe(resolve('/home/me/d'));
  });

  it.each(['--help', '-h'])('%s answers with every option', (flag) => {
    const parsed = parseServerArguments([flag], {}, DEFAULTS);
    const helpText = 'helpText' in parsed ? parsed.helpText : '';
    for (const option of ['--port', '--data-dir', '--host', '--help', '--memtable-entries-max']) {
      expect(helpText).toContain(option);
    }
  });
});
