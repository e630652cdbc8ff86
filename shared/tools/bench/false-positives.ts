/**
 * Bloom filters of week 7, filled with as many keys as an SSTable has: how many
 * keys that were never added they let pass, and how many they should.
 */
import {BloomFilter} from '../../../weeks/07-bloom-and-trie/src/bloom-filter.ts';
import type {Seeds} from '../../../weeks/07-bloom-and-trie/src/key-hash.ts';
import {newSeeds} from '../../../weeks/07-bloom-and-trie/src/random-seeds.ts';
import type {BenchContext} from './bench.ts';
import {type BenchTable, verdict, whole} from './table.ts';
import {presentKey} from './workload.ts';

const BITS = 19_968;
const PROBES = 5;
const KEYS = 1_953;
const LINE_BITS = 512;
/** Filters a round, each with keys of its own. */
const FILTERS = 10;
const PROBED_KEYS = 20_000;

interface Kind {
  readonly name: string;
  readonly isBlocked: boolean;
  /** Undefined: those that all filters have by default. */
  readonly seeds: () => Seeds | undefined;
  readonly theory: number;
  readonly rateMax: number;
}

const KINDS: readonly Kind[] = [
  {
    name: 'standard',
    isBlocked: false,
    seeds: () => undefined,
    theory: standardRate(),
    rateMax: 0.012,
  },
  {name: 'random seeds', isBlocked: false, seeds: newSeeds, theory: standardRate(), rateMax: 0.012},
  {name: 'blocked', isBlocked: true, seeds: () => undefined, theory: blockedRate(), rateMax: 0.013},
];

const NOTES = [
  `n = ${whole(KEYS)} keys, m = ${whole(BITS)} bits, k = ${PROBES}. Theory: (1 − e^(−kn/m))^k (Bloom, 1970). In a blocked
filter the keys of a cache line of ${LINE_BITS} bits are Poisson distributed around nB/m, and each line is
a small filter of its own: Σ P(i)·(1 − (1 − 1/B)^(ik))^k (Putze, Sanders and Singler, 2007).`,
];

export async function benchFalsePositives({rounds}: BenchContext): Promise<BenchTable[]> {
  const rows = KINDS.map((kind) => {
    const rates = Array.from({length: rounds * FILTERS}, (_, index) => measuredRate(kind, index));
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    return [
      kind.name,
      percent(mean),
      `${percent(Math.min(...rates))} to ${percent(Math.max(...rates))}`,
      percent(kind.theory),
      verdict({atMost: 100 * kind.rateMax}, 100 * mean),
    ];
  });
  const columns = ['filter', 'false positives', 'each filter', 'theory', 'limit, %'];
  return [{title: 'Bloom filters of a full SSTable', columns, rows, notes: NOTES}];
}

/** The part of keys never added that a filter lets pass. @param index no key is in two filters */
function measuredRate({isBlocked, seeds}: Kind, index: number): number {
  const filter = new BloomFilter(seeds(), isBlocked);
  const first = index * (KEYS + PROBED_KEYS);
  for (let number = 0; number < KEYS; number++) filter.add(presentKey(first + number));
  let positives = 0;
  for (let number = 0; number < PROBED_KEYS; number++) {
    if (filter.mayHave(presentKey(first + KEYS + number))) positives += 1;
  }
  return positives / PROBED_KEYS;
}

function standardRate(): number {
  return (1 - Math.exp((-PROBES * KEYS) / BITS)) ** PROBES;
}

function blockedRate(): number {
  const mean = (KEYS * LINE_BITS) / BITS;
  let rate = 0;
  let probability = Math.exp(-mean);
  for (let keys = 0; keys < 4 * mean; keys++) {
    rate += probability * (1 - (1 - 1 / LINE_BITS) ** (keys * PROBES)) ** PROBES;
    probability *= mean / (keys + 1);
  }
  return rate;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)} %`;
}
