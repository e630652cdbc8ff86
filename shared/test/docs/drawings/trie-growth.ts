/** A radix trie after each of a few writes. Its keys determine its shape: see its invariants. */
import {RadixTrie} from '../../../../weeks/07-bloom-and-trie/src/radix-trie.ts';
import type {Entry} from '../../../../weeks/07-bloom-and-trie/src/sstable.ts';

const WRITES: readonly Entry[] = [
  {key: 'apple', value: '7'},
  {key: 'ape', value: '1'},
  {key: 'fig', value: '3'},
  {key: 'app', value: null},
  {key: 'apply', value: '5'},
];

export function trieGrowth(): string {
  const trie = new RadixTrie();
  const steps: string[] = [];
  for (const {key, value} of WRITES) {
    trie.put(key, value);
    trie.checkInvariants();
    const write = value === null ? `DELETE ${key}` : `PUT ${key} ${value}`;
    steps.push(
      [write, ...childrenOf('', [...trie.entries()])].map((line) => ` ${line}\n`).join(''),
    );
  }
  return steps.join('\n');
}

/** The nodes below a prefix, given the entries that begin with it, without its own. */
function childrenOf(prefix: string, entries: readonly Entry[]): string[] {
  const firsts = [...new Set(entries.map(({key}) => key[prefix.length]))];
  return firsts.flatMap((first, index) => {
    const below = entries.filter(({key}) => key[prefix.length] === first);
    const isLast = index === firsts.length - 1;
    const end = commonPrefix(below);
    const own = below.find(({key}) => key === end);
    const edge = end.slice(prefix.length);
    const lines = childrenOf(
      end,
      below.filter((entry) => entry !== own),
    );
    return [
      `${isLast ? '└─' : '├─'} ${edge}${own === undefined ? '' : `=${own.value ?? '✝'}`}`,
      ...lines.map((line) => `${isLast ? ' ' : '│'}  ${line}`),
    ];
  });
}

function commonPrefix(entries: readonly Entry[]): string {
  let prefix = entries[0]?.key ?? '';
  for (const {key} of entries) while (!key.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}
