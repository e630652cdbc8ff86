import {spawn} from 'node:child_process';
import {existsSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {hostile, survivors, temporaryFolder, until, untilNoted} from '../server/support.ts';
import {ended, startNode} from './run.ts';

const ENDS = fileURLToPath(new URL('./ends.ts', import.meta.url));

function startEnds(...args: readonly string[]) {
  return startNode(['--import', 'tsx', ENDS, ...args]);
}

const STACK = /^\s+at /m;

describe('each way to end has its exit code', () => {
  it.for([
    {way: 'pass', exitCode: 0, says: /^$/},
    {way: 'fail', exitCode: 1, says: /^$/},
    {way: 'inconclusive', exitCode: 2, says: /^$/},
    {way: 'usage', exitCode: 64, says: /^kv: --week 9: there are 8 weeks\n$/},
    {way: 'usage-of-lines', exitCode: 64, says: /^kv: kv.yaml:1: two\n {2}lines\n$/},
    // What is quoted makes no line of its own, which a CI could take for a command.
    {way: 'usage-quoting', exitCode: 64, says: /^kv: unknown key a\\n::error::b\\x1b\[31m\n$/},
    {way: 'server-quoting', exitCode: 1, says: /^kv: .* it\\n::.*\n {2}for\\n::error::ever\n$/},
    {way: 'bug-quoting', exitCode: 3, says: /^kv: internal error: x\\n::error::y\n$/},
    {way: 'grader', exitCode: 3, says: /^kv: grader error: no free port\n$/},
    {way: 'server', exitCode: 1, says: /^kv: the server failed: it hangs\n {2}for ever\n$/},
    {way: 'bug', exitCode: 3, says: /^kv: internal error: x is not a function\n$/},
    {way: 'bug-later', exitCode: 3, says: /^kv: internal error: thrown by a timer\n$/},
    {way: 'rejection-later', exitCode: 3, says: /^kv: internal error: nobody waits for me\n$/},
    {way: 'runs-dry', exitCode: 3, says: /^kv: internal error: ended without a result\n$/},
  ])('$way: $exitCode', async ({way, exitCode, says}) => {
    const result = await ended(startEnds(way));
    expect(result).toEqual({exitCode, stdout: '', stderr: expect.stringMatching(says)});
  });

  it('shows a stack with KV_DEBUG=1', async () => {
    const child = startNode(['--import', 'tsx', ENDS, 'bug'], {
      env: {...process.env, KV_DEBUG: '1'},
    });
    expect((await ended(child)).stderr).toMatch(STACK);
  });

  it('not before everything is printed', async () => {
    const {exitCode, stdout} = await ended(startEnds('prints-much'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/x\nthe end\n$/);
  });

  it('quietly, when nobody reads on', async () => {
    const child = startEnds('prints-forever');
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await ended(child)).toMatchObject({exitCode: 141, stderr: ''});
  });
});

describe('nothing outlives it', () => {
  it.for([
    {signal: 'SIGINT', exitCode: 130},
    {signal: 'SIGTERM', exitCode: 143},
    {signal: 'SIGHUP', exitCode: 129},
  ] as const)('after $signal', async ({signal, exitCode}) => {
    const dataDir = temporaryFolder();
    const child = startEnds('waits', hostile('forks-children'), dataDir);
    child.stdout?.once('data', () => {
      untilNoted(dataDir, 7).then(
        () => child.kill(signal),
        () => child.kill('SIGKILL'),
      );
    });
    const result = await ended(child);
    expect(result).toMatchObject({exitCode, stderr: ''});
    expect(existsSync(result.stdout.trim())).toBe(false);
    expect(survivors(dataDir)).toEqual([]);
  });

  it('not even after SIGKILL, as long as it stays in its process group', async () => {
    const dataDir = temporaryFolder();
    const child = startEnds('waits', hostile('forks-children'), dataDir);
    child.stdout?.once('data', () => child.kill('SIGKILL'));
    const result = await ended(child);
    rmSync(result.stdout.trim(), {recursive: true});
    await until('the end of the server', () => survivors(dataDir).length === 0);
  });

  it.for(['pass', 'bug', 'bug-later'])('after: %s', async (way) => {
    const dataDir = temporaryFolder();
    const {stdout} = await ended(startEnds(way, hostile('ignores-sigterm'), dataDir));
    expect(existsSync(stdout.trim())).toBe(false);
    expect(survivors(dataDir)).toEqual([]);
  });
});

describe('kv', () => {
  it.for([
    {args: [], exitCode: 64, says: /^Usage: kv/},
    {args: ['grdae'], exitCode: 64, says: /unknown command 'grdae'\n\(Did you mean grade\?\)/},
    {args: ['--nope'], exitCode: 64, says: /unknown option '--nope'/},
    {args: ['grade', '--nope'], exitCode: 64, says: /unknown option '--nope'/},
    {args: ['fixture', 'lnit'], exitCode: 64, says: /unknown command 'lnit'\n\(Did you mean lint/},
    {args: ['grade', '9'], exitCode: 64, says: /^kv: /},
  ])('kv $args: $exitCode', async ({args, exitCode, says}) => {
    const result = await ended(startNode(['bin/kv.mjs', ...args]));
    expect(result).toEqual({exitCode, stdout: '', stderr: expect.stringMatching(says)});
    expect(result.stderr).not.toMatch(STACK);
  });

  it.for([
    {args: ['--help'], says: /^Usage: kv[^]*Examples:[^]*Exit codes:/},
    {args: ['--version'], says: /^\d+\.\d+\.\d+\n$/},
    {args: ['help', 'grade'], says: /^Usage: kv grade/},
    {args: ['grade', '--help'], says: /^Usage: kv grade/},
    {args: ['replay', '--help'], says: /^Usage: kv replay/},
    {args: ['fixture', 'lint', '--help'], says: /^Usage: kv fixture lint/},
  ])('kv $args: 0, on stdout', async ({args, says}) => {
    const result = await ended(startNode(['bin/kv.mjs', ...args]));
    expect(result).toEqual({exitCode: 0, stdout: expect.stringMatching(says), stderr: ''});
  });

  it.for([
    {name: 'native Windows', overrides: {platform: 'win32'}, says: /WSL2/},
    ...['18.20.8', '20.18.3', '21.7.3', '22.11.0'].map((node) => ({
      name: `Node ${node}`,
      overrides: {versions: {node}},
      says: new RegExp(`^kv: Node ${node} is not supported: use a 20 from 20\\.19.*\\n$`),
    })),
  ])('is refused in one sentence on $name', async ({overrides, says}) => {
    // Real ones are tried by hand: what is left to test is the reaction.
    const pretend = Object.entries(overrides)
      .map(
        ([name, value]) =>
          `Object.defineProperty(process,'${name}',{value:${JSON.stringify(value)}});`,
      )
      .join('');
    const imported = `data:text/javascript,${encodeURIComponent(pretend)}`;
    const result = await ended(startNode(['--import', imported, 'bin/kv.mjs', 'grade']));
    expect(result).toEqual({exitCode: 64, stdout: '', stderr: expect.stringMatching(says)});
  });

  it('runs from any folder', async () => {
    const kv = new URL('../../bin/kv.mjs', import.meta.url).pathname;
    const child = spawn(process.execPath, [kv, '--version'], {cwd: temporaryFolder()});
    expect(await ended(child)).toMatchObject({exitCode: 0, stderr: ''});
  });
});
