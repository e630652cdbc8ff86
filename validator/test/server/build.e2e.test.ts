import {describe, expect, it} from 'vitest';
import {runBuild} from '../../src/server/build.ts';
import {failureOf, hostile, survivors, temporaryFolder, textOf} from './support.ts';

describe('runBuild', () => {
  it('runs in the folder, with the environment', async () => {
    const folder = temporaryFolder();
    const command = 'test "$PWD" = "$EXPECTED" && test "$KV_WEEK" = 4 && test -d .';
    await runBuild({command, folder, week: 4, env: {EXPECTED: folder}});
  });

  it('fails with the status and the last output', async () => {
    const command = 'echo "main.c:3: expected ;" >&2; exit 2';
    const failure = await failureOf(runBuild({command, folder: temporaryFolder(), week: 1}));
    expect(failure.kind).toBe('build-failed');
    expect(textOf(failure)).toMatch(/build command exited with status 2[^]*main\.c:3: expected ;/);
  });

  it('ends what takes too long, and what it leaves behind', async () => {
    const dataDir = temporaryFolder();
    const options = {folder: dataDir, week: 1, env: {DATA_DIR: dataDir}};
    const failure = await failureOf(
      runBuild({command: hostile('leaf-parent'), timeoutMs: 1000, ...options}),
    );
    expect(textOf(failure)).toMatch(/was not done within 1 s/);
    await runBuild({command: `${hostile('idle')} &`, ...options});
    expect(survivors(dataDir)).toEqual([]);
  });
});
