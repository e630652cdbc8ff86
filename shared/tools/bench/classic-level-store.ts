/** LevelDB through classic-level, as a Store: the peer of the benches. */
import {ClassicLevel} from 'classic-level';
import {GroupCommit} from '../../../weeks/08-concurrency/src/group-commit.ts';
import type {Store} from '../../src/store.ts';

/** @param groupsWrites whether writes that wait at once become one batch, with one sync */
export async function openClassicLevel(folder: string, groupsWrites: boolean): Promise<Store> {
  const db = new ClassicLevel(folder);
  await db.open();
  const commits = new GroupCommit(
    (group) =>
      db.batch(
        group.map(({key, value}) =>
          value === null ? {type: 'del', key} : {type: 'put', key, value},
        ),
        {sync: true},
      ),
    Number.POSITIVE_INFINITY,
  );
  return {
    valueLimits: {bytesMin: 1, bytesMax: 64},
    get: (key) => db.getSync(key),
    put: (key, value) =>
      groupsWrites ? commits.write({key, value}) : db.put(key, value, {sync: true}),
    close: () => db.close(),
  };
}
