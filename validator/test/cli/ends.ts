// Ends in one of the ways in which a program under runAndExit can end.
// Usage: ends.ts <way>; with a server: ends.ts <way> <command> <data folder>

import {tmpdir} from 'node:os';
import {GraderError, ServerFailure, UsageError} from '../../src/errors.ts';
import {runAndExit} from '../../src/exit.ts';
import {RunFolder} from '../../src/server/run-folder.ts';
import {SpawnedServer} from '../../src/server/spawned-server.ts';
import {EXIT} from '../../src/verdict.ts';

const WAYS: Readonly<Record<string, () => unknown>> = {
  pass: () => {},
  fail: () => {
    process.exitCode = EXIT.fail;
  },
  inconclusive: () => {
    process.exitCode = EXIT.inconclusive;
  },
  usage: () => {
    throw new UsageError('--week 9: there are 8 weeks');
  },
  'usage-of-lines': () => {
    throw new UsageError(['kv.yaml:1: two', '  lines']);
  },
  'usage-quoting': () => {
    throw new UsageError('unknown key a\n::error::b\u001b[31m');
  },
  'server-quoting': () => {
    throw new ServerFailure('hang', 'it\n::error::hangs', ['for\n::error::ever']);
  },
  'bug-quoting': () => {
    throw new TypeError('x\n::error::y');
  },
  grader: () => {
    throw new GraderError('no free port');
  },
  server: () => {
    throw new ServerFailure('hang', 'it hangs', ['for ever']);
  },
  bug: () => {
    throw new TypeError('x is not a function');
  },
  'bug-later': async () => {
    setTimeout(() => {
      throw new TypeError('thrown by a timer');
    });
    await forever();
  },
  'rejection-later': async () => {
    setTimeout(() => void Promise.reject(new Error('nobody waits for me')));
    await forever();
  },
  'runs-dry': () => new Promise(() => {}),
  // More than a pipe holds, and then something that must not be lost.
  'prints-much': () => {
    process.stdout.write(`${'x'.repeat(1 << 20)}\nthe end\n`);
  },
  'prints-forever': async () => {
    for (;;) await new Promise((resolve) => process.stdout.write('y'.repeat(1 << 16), resolve));
  },
  waits: forever,
};

async function forever(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
}

const [way = '', command, dataDir] = process.argv.slice(2);
// Not awaited: Node would warn about a top-level await that never settles.
void runAndExit(async () => {
  if (command !== undefined && dataDir !== undefined) {
    const run = new RunFolder();
    const server = new SpawnedServer({
      command,
      folder: tmpdir(),
      dataDir,
      week: 1,
      absentKeyPath: '/absent',
    });
    await server.start();
    process.stdout.write(`${run.path}\n`);
  }
  await WAYS[way]?.();
});
