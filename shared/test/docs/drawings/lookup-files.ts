/** Week 5: which SSTables a lookup asks, for the levels of the chapter's prediction. */
import {ALL_KEYS, type Levels, tablesFor} from '../../../../weeks/05-leveling/src/levels.ts';
import {table} from './table.ts';

const LEVELS: Levels = [
  [24, 25].map((id) => ({path: `sst-${id}`, ...ALL_KEYS})),
  [
    {path: 'sst-21', minKey: 'apple', maxKey: 'fig'},
    {path: 'sst-22', minKey: 'grape', maxKey: 'melon'},
    {path: 'sst-23', minKey: 'pear', maxKey: 'zoo'},
  ],
];

const KEYS = ['aaa', 'apple', 'fig', 'goat', 'grape', 'melon', 'zoo', 'zzz'];

export function lookupFiles(): string {
  const rows = KEYS.map((key) => {
    const asked = tablesFor(LEVELS, key).map(({path}) => path);
    return [key, ['memtable', ...asked].join(', '), asked.length === 2 ? 'no SSTable of L1' : ''];
  });
  return table([['key', 'asked, in this order', ''], ...rows], ['left', 'left', 'left']);
}
