import {once} from 'node:events';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {ended, startNode} from './run.ts';

const KV = fileURLToPath(new URL('../../bin/kv.mjs', import.meta.url));
const EXIT_USAGE = 64;

test('kv fixture ends with the exit codes that its help names, from any folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kv-fixture-e2e-'));
  try {
    const kv = (...args: readonly string[]) =>
      ended(startNode([KV, 'fixture', ...args], {cwd: folder, env: callerIn(folder)}));
    await writeFile(join(folder, 'bad.txt'), 'GET k v\n');

    const made = await kv('generate', '--week', '3', '--lines', '700', '--out', 'mine.txt');
    expect(made).toEqual({exitCode: 0, stdout: '', stderr: ''});
    const clean = await kv('lint', 'mine.txt');
    expect(clean).toMatchObject({exitCode: 0, stderr: ''});
    const bad = await kv('lint', 'bad.txt');
    expect(bad).toMatchObject({
      exitCode: EXIT_USAGE,
      stdout: 'bad.txt:1: GET k expects v, but k was never written\n',
    });
    const help = await kv('lint', '--help');
    expect(help.stdout).toContain(`with ${EXIT_USAGE} (bad input)`);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
});

test('kv fixture generate ends quietly when nobody reads on', async () => {
  const child = startNode([KV, 'fixture', 'generate', '--week', '1', '--lines', '200000']);
  let stderr = '';
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const closed = once(child, 'close');
  if (child.stdout === null) throw new Error('no stdout');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await closed;
  expect(stderr).toBe('');
});

/** As a package manager would tell; without it the process's own folder counts. */
function callerIn(folder: string): NodeJS.ProcessEnv {
  return {...process.env, INIT_CWD: folder};
}
