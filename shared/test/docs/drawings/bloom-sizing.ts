/** How often a Bloom filter of the chosen size errs: by the formula, and counted. */
import {BloomFilter} from '../../../../weeks/07-bloom-and-trie/src/bloom-filter.ts';
import {SeededRandom} from '../../../src/seeded-random.ts';
import {constantsOf} from './constants.ts';
import {table} from './table.ts';

const bitCount = constantsOf('weeks/07-bloom-and-trie/src/bloom-filter.ts')('FILTER_BITS');
const block = constantsOf('weeks/06-blocks/src/block.ts');
const keyCount = block('INDEX_KEYS_MAX') * block('BLOCK_ENTRIES_MAX');

const PROBED = 100_000;

export function bloomSizing(): string {
  const rows = [2, 3, 4, 5, 6, 7, 8, 9].map((k) => {
    const fill = 1 - Math.exp((-k * keyCount) / bitCount);
    return [String(k), percent(fill, 1), percent(fill ** k, 2)];
  });
  const header = ['k', 'bits that are set', 'absent keys let through'];
  return table([header, ...rows], ['right', 'right', 'right']);
}

export function bloomMeasured(): string {
  const random = new SeededRandom(7);
  const newKey = (length: number) =>
    Array.from({length}, () => String.fromCharCode(97 + random.below(26))).join('');
  const filter = new BloomFilter();
  const keys = new Set<string>();
  while (keys.size < keyCount) keys.add(newKey(12));
  for (const key of keys) filter.add(key);
  const denied = [...keys].filter((key) => !filter.mayHave(key)).length;
  let passed = 0;
  // Longer than all that were added.
  for (let probe = 0; probe < PROBED; probe++) if (filter.mayHave(newKey(13))) passed += 1;
  const number = (value: number) => value.toLocaleString('en');
  const rows = [
    [number(keyCount), 'keys added', number(denied), 'of them denied', ''],
    [
      number(PROBED),
      'other keys',
      number(passed),
      'of them let through',
      percent(passed / PROBED, 2),
    ],
  ];
  return table(rows, ['right', 'left', 'right', 'left', 'right']);
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}
