import {tmpdir} from 'node:os';
import {afterAll, describe, expect, it} from 'vitest';
import {GraderError} from '../../src/errors.ts';
import {RunFolder} from '../../src/server/run-folder.ts';
import {smallestReplay} from '../../src/shrink/smallest-replay.ts';

const runFolder = new RunFolder();
afterAll(() => runFolder.remove());

function looked(budgetMs: number, isHang: boolean) {
  const source = {
    isSmall: false,
    open(): never {
      throw new GraderError('a server was started');
    },
  };
  return smallestReplay({
    instructions: [{op: 'put', line: 1, key: 'a', value: '1'}],
    file: {projectFolder: tmpdir(), name: 'none', week: 1, from: 'a test'},
    sources: [source, source],
    runFolder,
    budgetMs,
    isHang,
    onProgress: () => {},
  });
}

describe('smallestReplay', () => {
  it('does not begin what would only wait for an answer that never comes', async () => {
    const nothing = {lineCount: 0, runs: 0, rate: {failed: 0, runs: 0}};
    expect(await looked(10_000, true)).toMatchObject(nothing);
    await expect(looked(60_000, true)).rejects.toThrow('a server was started');
  });

  it('starts no server once the time for all of them is over', async () => {
    expect(await looked(0, false)).toMatchObject({lineCount: 0, rate: {failed: 0, runs: 0}});
  });
});
