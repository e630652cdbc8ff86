import {execFileSync} from 'node:child_process';
import {expect, it} from 'vitest';
import {underLoad} from '../../tools/soak/load.ts';

/** The processes that this one has started, but for `ps` itself. */
function children(): string[] {
  const rows = execFileSync('ps', ['-A', '-o', 'ppid=,args='], {encoding: 'utf8'}).split('\n');
  return rows
    .filter((row) => row.trim().startsWith(`${process.pid} `))
    .filter((row) => row.includes('process.ppid'));
}

it('lasts as long as the work, also if that fails', async () => {
  const during = await underLoad(2, async () => children());
  expect(during).toHaveLength(2);
  expect(children()).toEqual([]);
  const failing = underLoad(1, async () => {
    throw new Error('as it may');
  });
  await expect(failing).rejects.toThrow('as it may');
  expect(children()).toEqual([]);
});
