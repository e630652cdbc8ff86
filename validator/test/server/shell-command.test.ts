import {spawnSync} from 'node:child_process';
import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {fillCommand, shellQuote} from '../../src/server/shell-command.ts';

describe('fillCommand', () => {
  it('leaves simple values as they are, so that commands can be read', () => {
    const filled = fillCommand('./server --port {port} --data "{dataDir}"', {
      port: '1234',
      dataDir: '/tmp/kv-1',
    });
    expect(filled).toBe('./server --port 1234 --data "/tmp/kv-1"');
  });

  it('leaves the braces of the shell and of programs alone', () => {
    const command = `echo \${HOME} {a,b} {} {other} '{print}'`;
    expect(fillCommand(command, {port: '1'})).toBe(command);
  });

  it('hands any value to the program as one word, within any quotes', () => {
    // Each run is a shell of its own, hence few of them; NUL cannot be in a word.
    const value = fc.string({
      unit: fc.constantFrom(...Array.from(`a '"\\$\`!*~\n{}`)),
      maxLength: 12,
    });
    fc.assert(
      fc.property(value, (dataDir) => {
        const command = fillCommand(
          `printf '%s\\0' {dataDir} "{dataDir}" '{dataDir}' "it's {dataDir}" \\'{dataDir}`,
          {dataDir},
        );
        const {stdout} = spawnSync('/bin/sh', ['-c', command], {encoding: 'utf8'});
        const quoted = [dataDir, dataDir, dataDir, `it's ${dataDir}`, `'${dataDir}`];
        expect(stdout.split('\0').slice(0, -1)).toEqual(quoted);
      }),
      {numRuns: 60},
    );
  });
});

describe('shellQuote', () => {
  it('quotes only what needs it', () => {
    expect(shellQuote('/usr/bin/node')).toBe('/usr/bin/node');
    expect(shellQuote('')).toBe("''");
    expect(shellQuote("it's")).toBe("'it'\\''s'");
  });
});
