import {execFileSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, renameSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {unanswered} from '../../src/checks/common-failures.ts';
import {guardDisk} from '../../src/server/disk-guard.ts';

/** Folders in folders: half of what the system takes for a path. */
const DEEP = join(...Array.from({length: 10}, () => 'f'.repeat(250)));

it('ends a server that is then not said to have ended by itself', () => {
  const failure = {kind: 'connection-closed', message: 'closed', details: []} as never;
  const request = {method: 'GET', path: '/a', headers: {}, body: undefined} as never;
  const summary = (reason: string) => unanswered(request, failure, reason).failure.summary;
  expect(summary('exited with status 7')).toBe('the server exited with status 7 by itself');
  const overfull = 'was ended by the grader, because it filled the disk: its data folder had much';
  expect(summary(overfull)).toBe(`the server ${overfull}`);
});

it('measures a folder whose paths are too long to be looked at', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kv-deep-'));
  const [upper, lower] = [join(folder, 'upper'), join(folder, 'lower')];
  mkdirSync(join(upper, DEEP), {recursive: true});
  mkdirSync(join(lower, DEEP), {recursive: true});
  renameSync(lower, join(upper, DEEP, 'lower'));
  let endWatch = () => {};
  const problem = await new Promise((resolve) => {
    // Anything at all is too much.
    endWatch = guardDisk(folder, resolve, Number.NEGATIVE_INFINITY);
  });
  endWatch();
  execFileSync('rm', ['-rf', folder]);
  expect(problem).toMatch(/its data folder had .* GiB in 1[0-9] files/);
});
