import {expect, it} from 'vitest';
import {Catalog, type Segment, type State} from '../src/catalog.ts';
import type {SSTable} from '../src/levels.ts';

function segment(number: number): Segment {
  return {memtable: {}, wal: {path: `wal-${number}.db`, number}} as unknown as Segment;
}

function table(id: number): SSTable {
  return {path: `l0/sst-${id}.sst`, minKey: 'a', maxKey: 'z'};
}

function newCatalog(): {catalog: Catalog; removed: string[][]} {
  const removed: string[][] = [];
  const levels = [[table(1), table(2)], []];
  const state: State = {active: segment(3), full: [segment(2)], levels, manifest: 'MANIFEST-4'};
  return {catalog: new Catalog(state, (paths) => removed.push([...paths])), removed};
}

const flush = (state: State): Partial<State> => ({
  full: state.full.slice(1),
  levels: [[...(state.levels[0] ?? []), table(3)], []],
  manifest: 'MANIFEST-5',
});

const compact = (): Partial<State> => ({levels: [[], [table(4)]], manifest: 'MANIFEST-6'});

it('removes at once what no version uses any more', () => {
  const {catalog, removed} = newCatalog();
  catalog.publish(flush);
  expect(removed).toEqual([['wal-2.db', 'MANIFEST-4']]);
});

it('keeps the files of a pinned version, and removes those in between', () => {
  const {catalog, removed} = newCatalog();
  const pinned = catalog.acquire();
  catalog.publish(flush);
  catalog.publish(compact);
  expect(removed).toEqual([['l0/sst-3.sst', 'MANIFEST-5']]);
  expect(pinned.levels.flat().map(({path}) => path)).toEqual(['l0/sst-1.sst', 'l0/sst-2.sst']);
  catalog.release(pinned);
  expect(removed[1]).toEqual(['wal-2.db', 'l0/sst-1.sst', 'l0/sst-2.sst', 'MANIFEST-4']);
});

it('counts pins', () => {
  const {catalog, removed} = newCatalog();
  const first = catalog.acquire();
  const second = catalog.acquire();
  catalog.publish(flush);
  catalog.release(first);
  expect(removed).toEqual([]);
  catalog.release(second);
  expect(removed).toEqual([['wal-2.db', 'MANIFEST-4']]);
  expect(() => catalog.release(second)).toThrow('not pinned');
});
