import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {GroupCommit} from '../src/group-commit.ts';
import type {Entry} from '../src/sstable.ts';

it('commits every write once, in order, whatever the commits wait for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.integer({min: 1, max: 30}),
      fc.integer({min: 1, max: 5}),
      async (scheduler, count, groupMax) => {
        const committed: string[] = [];
        let underWay = 0;
        const commits = new GroupCommit(async (group: readonly Entry[]) => {
          underWay += 1;
          expect(underWay).toBe(1);
          expect(group.length).toBeLessThanOrEqual(groupMax);
          await scheduler.schedule(Promise.resolve(), 'sync');
          committed.push(...group.map(({key}) => key));
          underWay -= 1;
        }, groupMax);
        const keys = Array.from({length: count}, (_, index) => `k${index}`);
        const writes = keys.map(async (key) => {
          await commits.write({key, value: 'x'});
          expect(committed).toContain(key);
        });
        await scheduler.waitFor(Promise.all(writes));
        expect(committed).toEqual(keys);
      },
    ),
  );
});

it('shares one commit among those that wait', async () => {
  const groups: number[] = [];
  const commits = new GroupCommit(async (group) => {
    groups.push(group.length);
    await Promise.resolve();
  }, 100);
  const write = (key: string) => commits.write({key, value: null});
  await Promise.all(Array.from({length: 64}, (_, index) => write(`k${index}`)));
  expect(groups).toEqual([64]);
});

it('refuses the writes of a group that failed, and takes the next', async () => {
  let fails = true;
  const commits = new GroupCommit(async () => {
    await Promise.resolve();
    if (fails) throw new Error('no space');
  }, 2);
  const write = (key: string) => commits.write({key, value: null});
  const failed = await Promise.allSettled([write('a'), write('b')]);
  expect(failed.map(({status}) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  await write('c');
});
